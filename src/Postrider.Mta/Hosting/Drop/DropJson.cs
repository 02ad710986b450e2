using System.Text.Json.Serialization;

namespace Postrider.Mta.Hosting.Drop;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DropEnvelope))]
internal sealed partial class DropJson : JsonSerializerContext;
