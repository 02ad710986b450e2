namespace Postrider.Queue.Journal;

internal enum DraftStage
{
    Open,
    Committing,
    Committed,
    Failed,
    Disposed,
}
