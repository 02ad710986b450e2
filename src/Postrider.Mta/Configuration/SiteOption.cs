using Postrider.Sendmail.Cf;

namespace Postrider.Mta.Configuration;

/// <summary>One row of <see cref="SiteOptions"/>: what an option of the cf does here.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Apply">Puts its value into the draft, or says what is wrong with it.</param>
internal sealed record SiteOption(string Name, Action<SiteDraft, CfOption> Apply);
