using System.Collections.Frozen;
using System.Globalization;
using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>DaemonPortOptions → <see cref="ListenerConfiguration"/>.</summary>
internal static class ListenerOptions
{
    private const string ServedModifiers = "aEsSAO";

    /// <summary>Service names that mail listeners use; others are looked up nowhere, so that /etc/services cannot move a port.</summary>
    private static readonly FrozenDictionary<string, int> Services = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["smtp"] = 25,
        ["mail"] = 25,
        ["smtps"] = 465,
        ["ssmtp"] = 465,
        ["submissions"] = 465,
        ["submission"] = 587,
        ["msp"] = 587,
        ["lmtp"] = 24,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static void Add(SiteDraft draft, CfOption option)
    {
        // What the reader finds it has reported with the document.
        DaemonPortOptions said = DaemonPortOptions.Parse(draft.Expand(option.Value), static (_, _, _) => { });
        if (said.Family == "unix") draft.Error(option, "DaemonPortOptions: a listener on a Unix socket is not served yet", "local submission has its own socket in the queue directory");
        if (said.InputMailFilters is { Count: > 0 }) draft.Error(option, "DaemonPortOptions: InputMailFilters is not served yet, and without it mail would pass unfiltered");
        if (said.DeliveryMode is 'q' or 'd') draft.Error(option, $"DaemonPortOptions: DeliveryMode={said.DeliveryMode} is not served yet: mail is delivered at once in the background");
        if (said.Children > 0 || said.ReceiveSize > 0 || said.SendSize > 0 || said.DelayLoad is not null || said.QueueLoad is not null || said.RefuseLoad is not null)
            draft.Warning(option, "DaemonPortOptions: Children, ReceiveSize, SendSize and the load averages have no effect so far");
        foreach (char modifier in said.Modifiers)
        {
            if (!ServedModifiers.Contains(modifier, StringComparison.Ordinal) && DaemonPortOptions.KnownModifiers.Contains(modifier, StringComparison.Ordinal))
                draft.Warning(option, $"DaemonPortOptions: modifier {modifier} has no effect so far");
        }

        int port = said.Has('s') ? 465 : 25;
        if (said.Port is { } written && !Services.TryGetValue(written, out port)
            && !(int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535))
        {
            draft.Refuse(option, $"service \"{written}\" unknown", NameSuggestion.Remedy(written, Services.Keys) ?? "write a number");
            return;
        }

        string name = said.Name ?? string.Create(CultureInfo.InvariantCulture, $"Daemon{draft.Site.Listeners.Length}");
        draft.Site = draft.Site with
        {
            Listeners = draft.Site.Listeners.Add(new ListenerConfiguration
            {
                Name = name,
                Address = said.Address,
                Port = port,
                IsIPv6 = said.Family == "inet6",
                Modifiers = said.Modifiers,
            }),
        };
    }
}
