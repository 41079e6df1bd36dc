using System.Text.Json.Serialization;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>How the state and the history of training become JSON, without reflection, so that the program can be trimmed.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(IReadOnlyList<EpochRecord>))]
internal sealed partial class StateJson : JsonSerializerContext;
