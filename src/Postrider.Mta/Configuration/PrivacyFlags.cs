namespace Postrider.Mta.Configuration;

/// <summary>PrivacyOptions. <c>goaway</c> is a name for several of them; it does not imply nobodyreturn (oracle 53).</summary>
[Flags]
public enum PrivacyFlags
{
    Public = 0,
    NeedMailHelo = 1 << 0,
    NeedExpnHelo = 1 << 1,
    NeedVrfyHelo = 1 << 2,
    NoExpn = 1 << 3,
    NoVrfy = 1 << 4,
    NoVerb = 1 << 5,
    NoEtrn = 1 << 6,
    AuthWarnings = 1 << 7,
    RestrictMailq = 1 << 8,
    RestrictQrun = 1 << 9,
    RestrictExpand = 1 << 10,
    NoBodyReturn = 1 << 11,
    NoReceipts = 1 << 12,
    NoActualRecipient = 1 << 13,

    /// <summary>Part of goaway: the peer's own command text is not repeated to it.</summary>
    NoReflection = 1 << 14,

    /// <summary>oracle 03: without noetrn, noreceipts, nobodyreturn and the restrict options.</summary>
    GoAway = NeedMailHelo | NeedExpnHelo | NeedVrfyHelo | NoExpn | NoVrfy | NoVerb | AuthWarnings | NoReflection,
}
