using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>Who may authenticate at a classic site: whom Cyrus SASL would ask there.</summary>
internal static class SaslBinder
{
    /// <summary>sendmail's own list, for a cf that does not say AuthMechanisms.</summary>
    private static readonly string[] Defaults = CfValue.List(CfOptionTable.Find("AuthMechanisms")!.Default ?? "").ToArray();

    /// <summary>Call when the options are bound.</summary>
    public static void Bind(SiteDraft draft)
    {
        if (!draft.IsClassic) return;
        AuthConfiguration auth = draft.Site.Auth with { IsAsSendmails = true };
        CyrusConfiguration cyrus = CyrusConfiguration.Find(draft.Host.ReadText);
        foreach (string unserved in cyrus.Unserved) draft.Warning(null, $"{cyrus.File}: {unserved}");
        draft.Site = draft.Site with
        {
            Auth = auth with
            {
                Mechanisms = auth.Mechanisms.IsEmpty ? [.. Defaults] : auth.Mechanisms,
                SaslDatabase = cyrus.UsesDatabase ? cyrus.Database : null,
                AllowedMechanisms = cyrus.Mechanisms,
                ChecksPasswords = cyrus.ChecksPasswords,
            },
        };
    }
}
