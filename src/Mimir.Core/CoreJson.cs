using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Runtime;

namespace Mimir.Core;

/// <summary>How the room's data becomes JSON, without reflection, so that the program can be trimmed.</summary>
[JsonSerializable(typeof(GraphSpec))]
[JsonSerializable(typeof(SortedDictionary<string, ManifestEntry>))]
[JsonSerializable(typeof(RuntimeInfo))]
internal sealed partial class CoreJson : JsonSerializerContext
{
    /// <summary>Gets the form of graphs, which refuses whatever it does not know.</summary>
    public static CoreJson Strict { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter<Activation>(JsonNamingPolicy.KebabCaseLower) },
    });

    /// <summary>Gets the form of manifests and of what the native layer says.</summary>
    public static CoreJson Plain { get; } = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
}
