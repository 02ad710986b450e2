namespace Postrider.Mta.Hosting.Posix;

/// <summary>Privileges could not be given up, or it cannot be shown that they were. The process must not accept anything; it ends with 71 (EX_OSERR).</summary>
public sealed class PrivilegeException(string message) : Exception(message);
