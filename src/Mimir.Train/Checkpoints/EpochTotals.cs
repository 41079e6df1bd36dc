using System.Text.Json.Serialization;

namespace Mimir.Train.Checkpoints;

/// <summary>The running sums of an epoch, in double, so that a long epoch loses nothing.</summary>
/// <param name="Loss">The loss, summed over frames.</param>
/// <param name="Correct">The frames, by weight, whose best class is the target.</param>
/// <param name="Frames">The frames, by weight.</param>
public readonly record struct EpochTotals(double Loss, double Correct, double Frames)
{
    /// <summary>Gets the frames, each counted once whatever its weight; 0 in cross-validation.</summary>
    public long Rows { get; init; }

    /// <summary>Gets what else the loss measures; null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Measure>? Measures { get; init; }

    /// <summary>Gets the loss per frame, or 0 before the first frame.</summary>
    public double LossPerFrame => Frames > 0 ? Loss / Frames : 0;

    /// <summary>Gets the share of frames that are right, from 0 to 1.</summary>
    public double Accuracy => Frames > 0 ? Correct / Frames : 0;

    /// <summary>Adds a batch.</summary>
    /// <param name="loss">Its loss, summed over frames.</param>
    /// <param name="correct">Its frames, by weight, whose best class is the target.</param>
    /// <param name="frames">Its frames, by weight.</param>
    /// <param name="rows">Its frames, each counted once.</param>
    /// <param name="measures">What else its loss measures; null for nothing.</param>
    public EpochTotals Add(double loss, double correct, double frames, long rows = 0, IReadOnlyList<Measure>? measures = null) =>
        new(Loss + loss, Correct + correct, Frames + frames) { Rows = Rows + rows, Measures = Measure.Add(Measures, measures) };
}

/// <summary>A sum that a loss reports besides itself, such as the correct labels of utterances.</summary>
/// <param name="Name">The name, in the words of reports.</param>
/// <param name="Sum">The sum.</param>
/// <param name="Count">The number of things that it is a sum over.</param>
public readonly record struct Measure(string Name, double Sum, double Count)
{
    /// <summary>Gets the mean, or 0 where nothing is counted.</summary>
    [JsonIgnore]
    public double Mean => Count != 0 ? Sum / Count : 0;

    /// <summary>Adds measures of the same name.</summary>
    internal static IReadOnlyList<Measure>? Add(IReadOnlyList<Measure>? left, IReadOnlyList<Measure>? right) => (left, right) switch
    {
        (null, _) => right,
        (_, null) => left,
        _ => [.. left.Zip(right, (one, other) => one with { Sum = one.Sum + other.Sum, Count = one.Count + other.Count })],
    };

    /// <summary>The means by name; null for none.</summary>
    internal static IReadOnlyDictionary<string, double>? Means(IReadOnlyList<Measure>? measures) =>
        measures?.Where(measure => measure.Count != 0).ToDictionary(measure => measure.Name, measure => measure.Mean);
}
