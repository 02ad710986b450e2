using System.Globalization;

namespace Postrider.Mta.Aliasing;

/// <summary>A message would go to more recipients than one may have.</summary>
/// <remarks>Operator: split the list, or let mailing list software handle it.</remarks>
public sealed class ExpansionTooLargeException(int max) : Exception(string.Create(CultureInfo.InvariantCulture, $"more than {max} recipients"));
