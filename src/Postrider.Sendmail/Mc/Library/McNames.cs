namespace Postrider.Sendmail.Mc.Library;

/// <summary>Names that only have to be known.</summary>
internal static class McNames
{
    internal static IReadOnlyList<string> OperatingSystems { get; } =
    [
        "a-ux", "aix3", "aix4", "aix5", "altos", "amdahl-uts", "bsd4.3", "bsd4.4", "bsdi", "bsdi1.0", "bsdi2.0", "darwin", "debian", "dgux", "domainos", "dragonfly", "dynix3.2", "empty",
        "freebsd4", "freebsd5", "freebsd6", "gnu", "hpux10", "hpux11", "hpux9", "irix4", "irix5", "irix6", "isc4.1", "linux", "maxion", "mklinux", "mpeix", "nextstep", "openbsd", "osf1",
        "powerux", "ptx2", "qnx", "riscos4.5", "sco-uw-2.1", "sco3.2", "sinix", "solaris11", "solaris2", "solaris2.ml", "solaris2.pre5", "solaris8", "sunos3.5", "sunos4.1", "svr4",
        "ultrix4", "unicos", "unicosmk", "unicosmp", "unixware7", "unknown", "uxpds",
    ];
}
