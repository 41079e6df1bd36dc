using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>A stage of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStage>))]
public enum RunStage
{
    /// <summary>Making a corpus that was missing.</summary>
    [JsonStringEnumMemberName("synthesis")]
    Synthesis,

    /// <summary>Aligning audio with its transcripts.</summary>
    [JsonStringEnumMemberName("alignment")]
    Alignment,

    /// <summary>Reading alignments and audio, computing features.</summary>
    [JsonStringEnumMemberName("features")]
    Features,

    /// <summary>Giving layers their initial values.</summary>
    [JsonStringEnumMemberName("pretraining")]
    Pretraining,

    /// <summary>Training on the training set.</summary>
    [JsonStringEnumMemberName("training")]
    Training,

    /// <summary>Evaluating the cross-validation set.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,

    /// <summary>Decoding a test set.</summary>
    [JsonStringEnumMemberName("decoding")]
    Decoding,

    /// <summary>Comparing hypotheses with transcripts.</summary>
    [JsonStringEnumMemberName("scoring")]
    Scoring,
}

/// <summary>The progress of a run, for a display.</summary>
/// <remarks>A value that a stage does not have (a loss while features are computed) is null.</remarks>
public sealed record ProgressEvent
{
    /// <summary>The stage.</summary>
    public required RunStage Stage { get; init; }

    /// <summary>The epoch, from 1; 0 outside epochs (the validation of the initial model is epoch 0).</summary>
    public int Epoch { get; init; }

    /// <summary>The most epochs there will be, or null when that is not known.</summary>
    public int? MaxEpochs { get; init; }

    /// <summary>The set that is worked on (<c>train</c>, <c>cv</c>, <c>test</c>), or null.</summary>
    public string? Set { get; init; }

    /// <summary>The work done in this stage, in <see cref="Unit"/>.</summary>
    public long Done { get; init; }

    /// <summary>The work of this stage, in <see cref="Unit"/>; 0 when that is not known.</summary>
    public long Total { get; init; }

    /// <summary>The unit of work: <c>frames</c> or <c>utterances</c>.</summary>
    public string Unit { get; init; } = "frames";

    /// <summary>The speed of the stage in <see cref="Unit"/> a second, or null.</summary>
    public double? Rate { get; init; }

    /// <summary>The seconds of speech that a second of work goes through, or null.</summary>
    public double? RealTimeFactor { get; init; }

    /// <summary>The loss a frame so far in this epoch, in nats, or null.</summary>
    public double? Loss { get; init; }

    /// <summary>The share of frames classified right so far in this epoch, from 0 to 1, or null.</summary>
    public double? FrameAccuracy { get; init; }

    /// <summary>The learning rate, or null.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The time until the stage ends, or null when that is not known.</summary>
    public TimeSpan? Remaining { get; init; }
}

/// <summary>Something that wants to know how far a run is.</summary>
public interface ITrainingProgress
{
    /// <summary>Shows the progress. It is called often, from the thread that trains, and must return at once.</summary>
    void Report(ProgressEvent progress);

    /// <summary>Shows a line that must not be missed: an epoch's result, a warning, a decision.</summary>
    void Say(string line);
}

/// <summary>Progress without a display.</summary>
public sealed class SilentProgress : ITrainingProgress
{
    private SilentProgress()
    {
    }

    /// <summary>Gets the one instance.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Report(ProgressEvent progress)
    {
    }

    /// <inheritdoc/>
    public void Say(string line)
    {
    }
}
