namespace Postrider.Sendmail.Rewriting.TestMode;

/// <summary>What <c>?</c> prints.</summary>
internal static class TestModeHelp
{
    internal const string Text = """
        ruleset,ruleset address   runs the address through these rulesets
        .Dxvalue  .D{name}value   sets a macro
        .Cxword   .C{name}word    adds a word to a class
        $x  ${name}               shows a macro
        $=x  $={name}             shows a class
        =Sruleset                 shows the rules of a ruleset
        =M                        shows the mailers
        -d21.12                   traces rewriting from now on
        /map name key             asks a map
        /mx domain                asks for the mail exchangers of a domain
        /canon host               asks for the canonical name of a host
        /gethostbyname host [f]   asks for its addresses; f is inet or inet6
        /dnslookup name [type]    asks the DNS for records
        /header line              checks a header line, and shows what its field means
        /parse address            tells which mailer, host and user an address leads to
        /sender address           tells what a sender address becomes
        /try mailer address       rewrites an address for a mailer
        /tryflags [H|E][S|R]      for /parse and /try: header or envelope, sender or recipient
        /expand text              puts macros into a text
        /quit                     ends

        """;
}
