namespace Postrider.Cli;

/// <summary>What one run of an applet has of the world: everything a test replaces.</summary>
/// <param name="Name">The applet's name, as its messages begin.</param>
/// <param name="Arguments">Without the applet's name.</param>
internal sealed record AppletContext(string Name, IReadOnlyList<string> Arguments, Stream Input, TextWriter Output, TextWriter Error, TimeProvider Time);
