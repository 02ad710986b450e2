namespace Postrider.Sendmail.Maps.Berkeley;

/// <summary>What a page is for, as it says itself.</summary>
internal enum PageType
{
    Blank = 0,
    HashUnsorted = 2,
    TreeInternal = 3,
    RecordInternal = 4,
    TreeLeaf = 5,
    RecordLeaf = 6,
    Overflow = 7,
    DuplicateLeaf = 12,
    Hash = 13,
}
