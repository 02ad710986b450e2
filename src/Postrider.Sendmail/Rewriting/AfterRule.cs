namespace Postrider.Sendmail.Rewriting;

/// <summary>What comes after a rule that matched.</summary>
internal enum AfterRule
{
    TryAgain,  // the same rule on what it made
    GoOn,      // $: the next rule
    Return,    // $@ the ruleset ends
}
