namespace Postrider.Mta.Hosting;

/// <summary>Exit codes of sysexits.h, as sendmail and everything that calls it uses them.</summary>
public enum SysExit
{
    Ok = 0,
    Usage = 64,
    DataError = 65,
    NoInput = 66,
    NoUser = 67,
    NoHost = 68,
    Unavailable = 69,
    Software = 70,
    OsError = 71,
    OsFile = 72,
    CannotCreate = 73,
    IoError = 74,
    TemporaryFailure = 75,
    Protocol = 76,
    NoPermission = 77,
    Configuration = 78,
}
