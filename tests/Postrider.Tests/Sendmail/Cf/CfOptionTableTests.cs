using System.Text.RegularExpressions;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Sendmail.Cf;

public sealed partial class CfOptionTableTests
{
    // Every word of the program sendmail 8.17 that looks like a name was given to it as an option: these it took.
    private const string Taken = """
        AliasFile AliasWait AllowBogusHELO AuthMaxBits AuthMechanisms AuthOptions AuthRealm BadRcptShutdown BadRcptShutdownGood BadRcptThrottle BlankSub
        CACertFile CACertPath CRLFile CRLPath CertFingerprintAlgorithm CheckAliases CheckpointInterval CipherList CipherSuites ClassFactor ClientCertFile
        ClientKeyFile ClientPortOptions ClientSSLOptions ColonOkInAddr ConnectOnlyTo ConnectionCacheSize ConnectionCacheTimeout ConnectionRateThrottle
        ConnectionRateWindowSize ControlSocketName DHParameters DaemonPortOptions DataFileBufferSize DeadLetterDrop DefaultAuthInfo DefaultCharSet DefaultUser
        DelayLA DeliverByMin DeliveryMode DialDelay DirectSubmissionModifiers DontBlameSendmail DontExpandCnames DontInitGroups DontProbeInterfaces
        DontPruneRoutes DoubleBounceAddress EightBitMode ErrorHeader ErrorMode FallbackMXhost FallbackSmartHost FastSplit ForkEachJob ForwardPath HeloName
        HelpFile HoldExpensive HostStatusDirectory HostsFile IgnoreDots InputMailFilters LDAPDefaultSpec LogLevel MailboxDatabase MatchGECOS MaxAliasRecursion
        MaxDaemonChildren MaxHeadersLength MaxHopCount MaxMessageSize MaxMimeHeaderLength MaxNOOPCommands MaxQueueAge MaxQueueChildren MaxQueueRunSize
        MaxRecipientsPerMessage MaxRunnersPerQueue MeToo MinFreeBlocks MinQueueAge MustQuoteChars NiceQueueRun NoRecipientAction OldStyleHeaders OperatorChars
        PidFile PostmasterCopy PrivacyOptions ProcessTitlePrefix QueueDirectory QueueFactor QueueFileMode QueueLA QueueSortOrder QueueTimeout RandFile
        RecipientFactor RefuseLA RejectLogInterval RejectNUL RequiresDirfsync ResolverOptions RetryFactor RrtImpliesDsn RunAsUser SSLEngine SSLEnginePath
        SafeFileEnvironment SaveFromLine SendMimeErrors ServerCertFile ServerKeyFile ServerSSLOptions ServiceSwitchFile SetCertAltnames SevenBitInput
        SharedMemoryKey SharedMemoryKeyFile SingleLineFromHeader SingleThreadDelivery SmtpGreetingMessage SmtpUTF8 SoftBounce StatusFile
        StrictTransportSecurity SuperSafe TLSFallbacktoClear TLSSrvOptions TempFileMode TimeZoneSpec Timeout TrustedUser TryNullMXList UnixFromLine
        UnsafeGroupWrites UseCompressedIPv6Addresses UseErrorsTo UseMSP UserDatabaseSpec Verbose XscriptFileBufferSize Timeout.aconnect Timeout.auth
        Timeout.command Timeout.connect Timeout.control Timeout.datablock Timeout.datafinal Timeout.datainit Timeout.fileopen Timeout.helo Timeout.hoststatus
        Timeout.iconnect Timeout.ident Timeout.initial Timeout.lhlo Timeout.mail Timeout.misc Timeout.queuereturn Timeout.queuereturn.dsn
        Timeout.queuereturn.non-urgent Timeout.queuereturn.normal Timeout.queuereturn.urgent Timeout.queuewarn Timeout.queuewarn.dsn Timeout.queuewarn.non-urgent
        Timeout.queuewarn.normal Timeout.queuewarn.urgent Timeout.quit Timeout.rcpt Timeout.resolver.retrans Timeout.resolver.retrans.first
        Timeout.resolver.retrans.normal Timeout.resolver.retry Timeout.resolver.retry.first Timeout.resolver.retry.normal Timeout.rset Timeout.starttls
        Milter.LogLevel Milter.macros.connect Milter.macros.data Milter.macros.envfrom Milter.macros.envrcpt Milter.macros.eoh Milter.macros.eom
        Milter.macros.helo
        """;

    // The same with every letter and digit. g is the old way to give a group, M defines a macro: neither has a name.
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCEFGHIJKLMOPQRSTUVXYZ78";

    [Fact]
    public void Every_option_that_sendmail_takes_is_in_the_table() =>
        Assert.All(Taken.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), static name => Assert.NotNull(CfOptionTable.Find(name)));

    [Fact]
    public void Every_letter_that_sendmail_takes_is_in_the_table_and_no_other() =>
        Assert.Equal(Letters.Where(static c => c is not ('g' or 'M')).Order(), CfOptionTable.All.Where(static option => option.Letter is not null).Select(static option => option.Letter!.Value).Order());

    [Fact]
    public void Every_option_has_a_row_in_the_page_of_compatibility()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Postrider.slnx"))) root = Path.GetDirectoryName(root)!;
        HashSet<string> rows = [.. File.ReadLines(Path.Combine(root, "docs", "compatibility.md")).Select(static line => Row().Match(line)).Where(static row => row.Success).Select(static row => row.Groups["name"].Value)];
        Assert.All(CfOptionTable.All, option => Assert.Contains(option.Name, rows));
    }

    [Fact]
    public void Every_default_is_a_value_that_the_option_takes()
    {
        foreach (CfOptionDefinition option in CfOptionTable.All.Where(static option => option.Default is not null))
        {
            Assert.True(option.Problem(option.Default!) is null && option.OutOfRange(option.Default!) is null, option.Name);
        }
    }

    [Fact]
    public void Interval_has_a_unit_and_number_a_range()
    {
        Assert.All(CfOptionTable.All.Where(static option => option.Type == CfOptionType.Interval), static option => Assert.Contains(option.Unit, "smhdw"));
        Assert.All(CfOptionTable.All.Where(static option => option.Type == CfOptionType.Integer), static option => Assert.True(option.Least < option.Greatest, option.Name));
        Assert.Equal("option NiceQueueRun: 99 is not between -20 and 20", CfOptionTable.Find("NiceQueueRun")!.OutOfRange("99"));
        Assert.Null(CfOptionTable.Find("NiceQueueRun")!.OutOfRange("-20"));
    }

    [Fact]
    public void Macro_in_the_old_form_of_an_option_is_a_macro()
    {
        CfDocument document = CfDocument.Parse("OM{x}a b\nOMyc\n", "t.cf");
        Assert.Empty(document.Diagnostics);
        Assert.Equal(("a b", "c"), (document.Macro("x")!.Value, document.Macro("y")!.Value));
    }

    [Fact]
    public void Old_forms_of_timeouts_are_the_options_of_today()
    {
        CfDocument document = CfDocument.Parse("OT5d/4h\nOr helo=3m,rset=1m\nOr7m\n", "t.cf");
        Assert.Empty(document.Diagnostics);
        Assert.Equal(("5d", "4h", "3m", "1m", "7m"), (Value("Timeout.queuereturn"), Value("Timeout.queuewarn"), Value("Timeout.helo"), Value("Timeout.rset"), Value("Timeout.datablock")));

        string Value(string name) => document.Option(name)!.Value;
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Za-z0-9.\-]+)` \| (works|differs|not yet|refused) \|", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
