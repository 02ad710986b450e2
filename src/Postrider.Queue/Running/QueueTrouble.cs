namespace Postrider.Queue.Running;

/// <summary>Something that an operator should hear of; nothing is lost by it.</summary>
/// <param name="Id">The entry; null: the runner itself.</param>
/// <param name="What">One line.</param>
/// <param name="Exception">What was thrown, if anything.</param>
public sealed record QueueTrouble(QueueId? Id, string What, Exception? Exception);
