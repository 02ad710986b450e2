namespace Postrider.Queue;

/// <summary>Another process works on this queue directory; two would destroy it.</summary>
/// <remarks>Operator: a daemon is running already (its process id stands in the file <c>lock</c>); talk to it, or stop it first.</remarks>
public sealed class QueueStoreInUseException(string place, Exception? inner = null) : Exception($"{place}: the queue is in use by another process", inner);
