using System.Net.Security;
using System.Text.RegularExpressions;
using Postrider.Smtp.Tls;

namespace Postrider.Tests.Smtp.Tls;

public sealed partial class CipherSuiteFactsTests
{
    [Fact]
    public async Task Every_name_is_OpenSSL_s()
    {
        string listing = await OpenSsl.RunAsync("ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0");
        MatchCollection lines = Line().Matches(listing);
        int compared = 0;
        foreach (Match line in lines)
        {
            if (line.Groups["iana"].Value.Contains("PSK", StringComparison.Ordinal) || line.Groups["iana"].Value.Contains("SRP", StringComparison.Ordinal)) continue;
            if (!Enum.TryParse(line.Groups["iana"].Value, out TlsCipherSuite suite)) continue;
            CipherSuiteFacts facts = CipherSuiteFacts.Of(suite);
            Assert.Equal(line.Groups["name"].Value, facts.Name);
            int bits = int.TryParse(line.Groups["bits"].Value, System.Globalization.CultureInfo.InvariantCulture, out int b) ? b : 0;
            Assert.True(bits == facts.AlgorithmBits, $"{facts.Name}: {facts.AlgorithmBits}, OpenSSL says {bits}");
            compared++;
        }

        Assert.True(compared > 60, $"only {compared} compared");
    }

    [GeneratedRegex(@"0x\S+ - (?<iana>\S+)\s+- (?<name>\S+)\s+\S+\s+Kx=\S+\s+Au=\S+\s+Enc=[^(\s]+(\((?<bits>\d+)\))?", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Line();
}
