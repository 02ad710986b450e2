using Microsoft.Win32.SafeHandles;

namespace Postrider.Sendmail.Maps;

/// <summary>Opens a map's file for a process that may not read it itself: it has given up its privileges, and another one keeps them.</summary>
/// <param name="path">Absolute.</param>
/// <returns>The caller's, for reading; null: it is not opened.</returns>
public delegate SafeFileHandle? FileDoor(string path);
