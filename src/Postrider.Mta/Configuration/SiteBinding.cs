using System.Collections.Immutable;
using Postrider.Sendmail;

namespace Postrider.Mta.Configuration;

/// <summary>What a configuration file means, or everything that is wrong with it.</summary>
/// <param name="Configuration">Null exactly when a diagnostic is an error.</param>
/// <param name="Diagnostics">All at once, in the order of the file.</param>
public sealed record SiteBinding(SiteConfiguration? Configuration, ImmutableArray<Diagnostic> Diagnostics);
