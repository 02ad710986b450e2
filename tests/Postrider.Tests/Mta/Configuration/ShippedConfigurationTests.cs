using Postrider.Mta.Configuration;
using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Mc;

namespace Postrider.Tests.Mta.Configuration;

/// <summary>What a stranger copies must be taken without a word.</summary>
public sealed class ShippedConfigurationTests
{
    private static string Root
    {
        get
        {
            string? directory = AppContext.BaseDirectory;
            while (directory is not null && !File.Exists(Path.Combine(directory, "Postrider.slnx"))) directory = Path.GetDirectoryName(directory);
            return directory ?? throw new InvalidOperationException("not in the repository");
        }
    }

    [Fact]
    public void Quickstart_is_bound_without_a_word()
    {
        string mc = File.ReadAllText(Path.Combine(Root, "examples/quickstart/sendmail.mc")).Replace("define(`QS_DIR', `var')", "define(`QS_DIR', `/srv/var')", StringComparison.Ordinal);
        SiteConfiguration site = Bind(mc, "quickstart.mc");
        Assert.Equal(6, site.Listeners.Length);
        Assert.Equal("/srv/var/users", site.Auth.UserStore);
        Assert.Equal("/srv/var/queue", site.Queue.Directory);
        Assert.Equal(new VirtualMailboxConfiguration("text:/srv/var/mailboxes", "/srv/var/mail"), site.VirtualMailboxes);
        Assert.True(site.AcceptUnresolvableDomains);
    }

    [Fact]
    public void First_configuration_of_the_readme_is_bound_without_a_word()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        int from = readme.IndexOf("```m4\n", StringComparison.Ordinal) + "```m4\n".Length;
        SiteConfiguration site = Bind(readme[from..readme.IndexOf("```", from, StringComparison.Ordinal)], "README.md");
        Assert.Equal([25, 587, 465], site.Listeners.Select(static listener => listener.Port));
        Assert.Equal("mx.example.org", site.HostName);
    }

    private static SiteConfiguration Bind(string mc, string name)
    {
        McResult built = McCompiler.Compile(mc, name, new McCompileOptions());
        Assert.True(built.Succeeded, string.Join('\n', built.Diagnostics));
        BindingHost host = new() { HostName = "host.example.net", BaseDirectory = "/", ReadClassFile = static (_, _) => ClassFileReading.Nothing };
        SiteBinding binding = SiteBinder.Bind(CfDocument.Parse(built.CfText, name + ".cf"), host);
        Assert.True(binding.Diagnostics.IsEmpty, string.Join('\n', binding.Diagnostics));
        return binding.Configuration!;
    }
}
