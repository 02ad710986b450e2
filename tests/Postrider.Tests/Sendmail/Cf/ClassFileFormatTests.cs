using Postrider.Sendmail.Cf;

namespace Postrider.Tests.Sendmail.Cf;

public sealed class ClassFileFormatTests
{
    // sendmail 8.17, asked with these formats for these lines.
    [Theory]
    [InlineData("%s", "one two", "one")]
    [InlineData("%s", "  six", "six")]
    [InlineData("%s", "\tnine\tten", "nine")]
    [InlineData("%s", "  \t", null)]
    [InlineData("%[^#]", "four # five", "four ")]
    [InlineData("%*s %s", "one two three", "two")]
    [InlineData("%*s %s", "one", null)]
    [InlineData("s%s", "seven#eight", "even#eight")]
    [InlineData("s%s", "  six", null)]
    [InlineData("%3s", "four # five", "fou")]
    [InlineData("%c", "one", "o")]
    [InlineData("%5c", "one two three", "one t")]
    [InlineData("%[a-z]", "seven#eight", "seven")]
    [InlineData("%[a-z]", "\"q q\"", null)]
    [InlineData("%*[^ ] %[a-z]", "\"q q\"", "q")]
    [InlineData("%[]a-z]", "a]b-", "a]b")]
    [InlineData("\"%s %*s\"", "\"q q\"", "q")]
    [InlineData("%ls", "one two", "one")]
    [InlineData("%%%s", "%x", "x")]
    [InlineData("foo", "foo", null)]
    public void Format_takes_of_a_line_what_sendmail_takes(string format, string line, string? taken) => Assert.Equal(taken, ClassFileFormat.Parse(format, out _)!.Match(line));

    [Theory]
    [InlineData("%d", "format `%d': `%d' is not read, only %s, %c and %[...]")]
    [InlineData("%s%", "format `%s%': `%' is not read, only %s, %c and %[...]")]
    [InlineData("%[abc", "format `%[abc': `%[' is not read, only %s, %c and %[...]")]
    [InlineData("%n", "format `%n': `%n' is not read, only %s, %c and %[...]")]
    [InlineData("%s%s", "format `%s%s': one conversion gives the words, the others want an asterisk")]
    public void Format_that_would_write_where_nothing_is_is_refused(string format, string problem)
    {
        Assert.Null(ClassFileFormat.Parse(format, out string? said));
        Assert.Equal(problem, said);
    }
}
