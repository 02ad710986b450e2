using Postrider.Sendmail.Cf;
using Postrider.Sendmail.Maps;

namespace Postrider.Mta.Maps;

/// <summary>Makes the map of a <c>K</c> line. Does not wait for network; a source that is missing or broken is the map's matter: it answers with a temporary failure until it is mended.</summary>
/// <param name="line">Where it was declared: its name, and its arguments as they stand there.</param>
/// <param name="spec">Type, flags and argument, read from the line.</param>
/// <exception cref="FormatException">What the line says cannot be a map of its type; the message says why.</exception>
public delegate IMap MapFactory(CfMap line, MapSpec spec, MapServices services);
