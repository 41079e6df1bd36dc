using System.Text.Json.Serialization;
using Mimir.Dist.Data.Caching;
using Mimir.Dist.Data.Leases;

namespace Mimir.Dist.Data;

/// <summary>The JSON of checkpoints and of the cache's notes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LeaseCheckpoint))]
[JsonSerializable(typeof(PartNote))]
internal sealed partial class DataJson : JsonSerializerContext;
