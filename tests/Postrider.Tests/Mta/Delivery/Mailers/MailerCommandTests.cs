using System.Collections.Immutable;
using Postrider.Mta.Delivery.Mailers;

namespace Postrider.Tests.Mta.Delivery.Mailers;

public sealed class MailerCommandTests
{
    /// <summary>sendmail 8.17, oracle 14: <c>deliver -r a@example.net -d alice bob</c>.</summary>
    [Fact]
    public void The_word_that_names_u_is_repeated_and_the_sender_stands_behind_the_programs_name() =>
        Assert.Equal(["deliver", "-r", "a@example.net", "-d", "alice", "bob"], Words("mr", "deliver -d $u", ["alice", "bob"], ("g", "a@example.net")));

    [Fact]
    public void Flag_f_gives_the_sender_with_another_option() =>
        Assert.Equal(["mail", "-f", "-x@example.net", "alice"], Words("f", "mail $u", ["alice"], ("g", "-x@example.net")));

    [Fact]
    public void A_value_stays_one_word_whatever_is_in_it() =>
        Assert.Equal(["sh", "-c", "cat > /tmp/x; $(id) \"a b\""], Words("", "sh -c $u", ["cat > /tmp/x; $(id) \"a b\""]));

    [Fact]
    public void A_value_that_looks_like_a_macro_is_none() =>
        Assert.Equal(["p", "$g", "a@b"], Words("", "p $u $g", ["$g"], ("g", "a@b")));

    [Fact]
    public void Conditionals_and_words_that_come_to_nothing_keep_their_places() =>
        Assert.Equal(["procmail", "-a", "", "-d", "alice", "yes"], Words("", "procmail -a $h -d $u $?g${x}yes$|no$.", ["alice"], ("h", ""), ("g", "a")));

    [Theory]
    [InlineData("p $u", "-rf")]
    [InlineData("p $h", "x")]
    [InlineData("p $u", "a\0b")]
    public void A_value_can_neither_become_an_option_nor_end_a_word(string arguments, string user)
    {
        MailerDefinition mailer = new() { Name = "m", Path = "/bin/p", Arguments = [.. arguments.Split(' ')] };
        MailerRun run = new() { Mailer = "m", Users = [user], Macros = ImmutableDictionary<string, string>.Empty.Add("h", "--help") };
        Assert.False(MailerCommand.TryExpand(mailer, run, "", out _, out string? fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Directories_are_tried_in_their_order_with_the_home_put_in_and_the_root_last()
    {
        MailerDefinition prog = new() { Name = "prog", Path = "/bin/sh", Directory = "$z:/var/tmp:relative" };
        Assert.Equal(["/home/alice", "/var/tmp", "/"], MailerCommand.Directories(prog, new MailerRun { Mailer = "prog", Users = [] }, "/home/alice"));
    }

    private static ImmutableArray<string> Words(string flags, string arguments, ImmutableArray<string> users, params (string Name, string Value)[] macros)
    {
        MailerDefinition mailer = new() { Name = "m", Path = "/bin/p", Flags = flags, Arguments = [.. arguments.Split(' ')] };
        MailerRun run = new() { Mailer = "m", Users = users, Macros = macros.ToImmutableDictionary(static one => one.Name, static one => one.Value) };
        Assert.True(MailerCommand.TryExpand(mailer, run, "", out ImmutableArray<string> words, out string? fault), fault);
        return words;
    }
}
