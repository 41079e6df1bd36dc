using System.Text.Json;
using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Dist.Costs;

namespace Mimir.Lab.Emulation;

/// <summary><c>emulation.json</c>: what a run would have taken on a cluster; its accuracies are in <c>summary.json</c> as ever.</summary>
public sealed record EmulationSummary
{
    /// <summary>The file's name in a run's folder.</summary>
    public const string FileName = "emulation.json";

    /// <summary>Gets the cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Gets the number of machines.</summary>
    public required int Machines { get; init; }

    /// <summary>Gets the number of devices of all machines, each with one worker.</summary>
    public required int Devices { get; init; }

    /// <summary>
    /// Gets how the models were kept together: <c>alone</c>, <c>sync</c>, <c>ma</c>, <c>bmuf</c>, <c>asgd</c> or <c>two-tier</c>.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>Gets the stated training speed of one device, in frames a second.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Gets the modelled times of the epochs.</summary>
    public required IReadOnlyList<EpochTime> Epochs { get; init; }

    /// <summary>Gets the modelled time of the whole training in seconds: epochs and validations, the first one included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Writes the summary beside a run's other files, whole or not at all.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    public void Write(string folder) => AtomicFile.WriteText(
        Path.Combine(folder, FileName), JsonSerializer.Serialize(this, EmulationJson.Default.EmulationSummary) + "\n");

    /// <summary>Reads a run's summary, or null when the run was no emulation.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <exception cref="InputException">The file is no summary.</exception>
    public static EmulationSummary? TryRead(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), EmulationJson.Default.EmulationSummary)
                ?? throw new InputException($"{path}: expected an emulation's summary, got null");
        }
        catch (JsonException error)
        {
            throw new InputException(
                $"{path}:{(error.LineNumber ?? 0) + 1}: expected an emulation's summary in JSON: {error.Message}", error);
        }
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EmulationSummary))]
internal sealed partial class EmulationJson : JsonSerializerContext;
