using Postrider.Sendmail;
using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Sendmail.Cf;

public sealed class CfValueTests
{
    [Theory]
    [InlineData("5x", 5)]
    [InlineData(" -3 4", -3)]
    [InlineData("x", 0)]
    [InlineData("", 0)]
    [InlineData("-", 0)]
    [InlineData("99999999999999999999999", 999999999999999999)]
    public void Leading_number_is_what_sendmail_takes(string text, long number) => Assert.Equal(number, CfValue.LeadingInteger(text));

    [Theory]
    [InlineData("5", 'm', 300)]
    [InlineData("5", 's', 5)]
    [InlineData("2h30m", 's', 9000)]
    [InlineData("1w2d", 'm', 777600)]
    [InlineData("90s", 'd', 90)]
    [InlineData("1h 30", 'm', 5400)]
    [InlineData("-1", 's', -1)]
    [InlineData("", 'd', 0)]
    public void An_interval_adds_its_parts_and_gives_a_bare_number_the_default_unit(string text, char unit, int seconds)
    {
        Assert.True(CfValue.TryInterval(text, unit, out TimeSpan value), text);
        Assert.Equal(seconds, value.TotalSeconds);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("h")]
    [InlineData("5x")]
    [InlineData("soon")]
    [InlineData("99999999999999d")]
    [InlineData("999999999999w")]
    public void What_is_no_interval_is_refused(string text) => Assert.False(CfValue.TryInterval(text, 's', out _), text);

    [Theory]
    [InlineData("", true, true)]
    [InlineData("True", true, true)]
    [InlineData("yes", true, true)]
    [InlineData("1", true, true)]
    [InlineData("False", true, false)]
    [InlineData("no", true, false)]
    [InlineData("maybe", false, false)]
    public void A_boolean_is_told_by_its_first_letter(string text, bool known, bool value)
    {
        Assert.Equal(known, CfValue.TryBoolean(text, out bool read));
        Assert.Equal(value, read);
    }

    [Fact]
    public void Port_options_are_read_by_key_and_modifier()
    {
        var told = new List<string>();
        DaemonPortOptions options = DaemonPortOptions.Parse("Port=587, Name=MSA, M=Ea, Addr=127.0.0.1, Family=inet, InputMailFilters=a;b, delayLA=3, D=q, Children=7", (_, m, _) => told.Add(m));
        Assert.Empty(told);
        Assert.Equal(("587", "MSA", "Ea", "127.0.0.1", "inet"), (options.Port, options.Name, options.Modifiers, options.Address, options.Family));
        Assert.Equal(["a", "b"], options.InputMailFilters);
        Assert.Equal((3, 'q', 7, "EE a"), (options.DelayLoad, options.DeliveryMode, options.Children, options.Flags));
        Assert.True(options.Has('E') && !options.Has('e'));
    }

    [Theory]
    [InlineData("Foo=1", "unknown key `Foo' is taken as Family, as sendmail does", Severity.Warning)]
    [InlineData("Family=inet7", "Unknown address family inet7 in Family=option", Severity.Error)]
    [InlineData("Port=70000", "port 70000 is above 65535", Severity.Error)]
    [InlineData("M=x", "modifier `x' has no meaning", Severity.Warning)]
    [InlineData("Listen=many", "Listen=many: not a number", Severity.Error)]
    public void A_doubtful_port_option_is_told(string text, string message, Severity severity)
    {
        var told = new List<(Severity, string)>();
        DaemonPortOptions.Parse(text, (s, m, _) => told.Add((s, m)));
        Assert.Equal([(severity, message)], told);
    }

    [Fact]
    public void Every_option_default_can_be_read_by_its_own_type()
    {
        IEnumerable<string> broken = CfOptionTable.All.Where(o => o.Default is not null && o.Problem(o.Default) is not null).Select(o => $"{o.Name}: {o.Problem(o.Default!)}");
        Assert.Empty(broken);
    }
}
