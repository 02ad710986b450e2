using Postrider.Smtp.Sasl;

namespace Postrider.Tests.Smtp.Sasl;

public sealed class SaslPrepTests
{
    // RFC 4013 §3.
    [Theory]
    [InlineData("I\u00adX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00aa", "a")]
    [InlineData("\u2168", "IX")]
    public void Examples_of_RFC_4013(string input, string output) => Assert.Equal(output, SaslPrep.Prepare(input));

    [Theory]
    [InlineData("\u0007")]
    [InlineData("\u0627\u0031")] // RandALCat at one end only
    [InlineData("\u0627a\u0627")] // both directions
    [InlineData("a\ud800b")] // half a surrogate pair
    [InlineData("\ue000")] // private use
    [InlineData("a\u0000b")]
    [InlineData("a\u200eb")]
    public void Prohibited_is_null(string input) => Assert.Null(SaslPrep.Prepare(input));

    [Theory]
    [InlineData("a\u00a0b", "a b")]
    [InlineData("\u0627\u0644", "\u0627\u0644")]
    [InlineData("cafe\u0301", "caf\u00e9")]
    [InlineData("\U0001f40e", "\U0001f40e")]
    [InlineData("\u200b", "")]
    public void Prepared(string input, string output) => Assert.Equal(output, SaslPrep.Prepare(input));
}
