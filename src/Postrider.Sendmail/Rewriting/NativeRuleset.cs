namespace Postrider.Sendmail.Rewriting;

/// <summary>A ruleset written in C#, called by <c>$&gt;name</c> like any other.</summary>
/// <param name="workspace">The argument; the ruleset leaves its answer there.</param>
/// <param name="context">What the caller sees; pass it on to <see cref="RewritingEngine.RewriteAsync"/> to call back.</param>
/// <param name="cancellationToken">Gives it up.</param>
public delegate ValueTask<RewriteStatus> NativeRuleset(Workspace workspace, RewriteContext context, CancellationToken cancellationToken);
