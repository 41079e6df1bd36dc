using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mimir.Train.Tuning;

/// <summary>How requests, answers and decisions become JSON, without reflection, so that the program can be trimmed.</summary>
[JsonSerializable(typeof(TuneRequest))]
[JsonSerializable(typeof(TuneAnswer))]
[JsonSerializable(typeof(TuneDecision))]
internal sealed partial class TuneJson : JsonSerializerContext
{
    /// <summary>Gets the form in which people read files: signs such as > stay what they are.</summary>
    public static TuneJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
