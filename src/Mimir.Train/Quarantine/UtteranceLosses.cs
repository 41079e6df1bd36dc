using Mimir.Train.Data;

namespace Mimir.Train.Quarantine;

/// <summary>The loss of each training utterance over an epoch, and those that lie far outside the distribution of all.</summary>
/// <remarks>
/// The loss of a frame is taken as the batch with it is trained, so the sums are over a network that changes; after the first epoch
/// it changes little. The spread is the median absolute deviation, which outliers do not move.
/// </remarks>
internal sealed class UtteranceLosses
{
    // Of fewer frames a mean says little, and of fewer utterances their distribution.
    private const int LeastFrames = 20;
    private const int LeastUtterances = 20;

    // The factor that makes the median absolute deviation of a normal distribution its standard deviation.
    private const double NormalDeviation = 1.4826;

    private readonly int[] _lengths;
    private readonly double[] _guesses;

    /// <summary>Prepares to count.</summary>
    /// <param name="corpus">The training set, whose targets are one class a frame.</param>
    /// <param name="classes">The number of classes.</param>
    public UtteranceLosses(IFrameSet corpus, int classes)
    {
        _lengths = corpus.Lengths;
        Sums = new float[2 * _lengths.Length];
        _guesses = corpus.Targets is { Soft: null } targets ? GuessesOf(corpus, targets, classes) : [];
    }

    /// <summary>Gets or sets the sum of each utterance's losses, and after them the number of its frames: for checkpoints.</summary>
    public float[] Sums { get; set; }

    /// <summary>True when losses are known by frame.</summary>
    public bool IsUsable => _guesses.Length > 0;

    /// <summary>Counts frames.</summary>
    public void Add(int utterance, float loss)
    {
        Sums[utterance] += loss;
        Sums[_lengths.Length + utterance]++;
    }

    /// <summary>Finds the utterances whose loss is an outlier, and worse than a guess by the frequencies of the classes.</summary>
    /// <param name="deviations">The deviations above the median; see <see cref="Recipes.QuarantineRecipe.Deviations"/>.</param>
    public IReadOnlyList<Suspect> Outliers(double deviations)
    {
        var known = Enumerable.Range(0, _guesses.Length).Where(IsKnown).ToArray();
        if (known.Length < LeastUtterances || deviations <= 0)
            return [];

        var losses = Array.ConvertAll(known, MeanOf);
        var median = MedianOf(losses);
        var deviation = NormalDeviation * MedianOf(Array.ConvertAll(losses, loss => Math.Abs(loss - median)));
        var limit = median + (deviations * Math.Max(deviation, median / 10));
        return
        [
            .. from pair in known.Zip(losses)
               where pair.Second > limit && pair.Second > _guesses[pair.First]
               select new Suspect(pair.First, SuspectKind.Outlier, pair.Second, median),
        ];
    }

    // Speed perturbation changes lengths; and what a lost worker had counted is lost with it.
    private bool IsKnown(int utterance) =>
        Sums[_lengths.Length + utterance] >= Math.Max(LeastFrames, 0.5f * _lengths[utterance]);

    private double MeanOf(int utterance) => Sums[utterance] / (double)Sums[_lengths.Length + utterance];

    private static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static double[] GuessesOf(IFrameSet corpus, FrameTargets targets, int classes)
    {
        var counts = targets.CountClasses(classes);
        var guesses = new double[corpus.Lengths.Length];
        for (var utterance = 0; utterance < guesses.Length; utterance++)
        {
            int[] frames = [.. Enumerable.Range(corpus.FirstFrame(utterance), corpus.Lengths[utterance])];
            var own = new int[frames.Length];
            targets.CopyClasses(frames, own);
            guesses[utterance] = own.Sum(target => -Math.Log(counts[target] / targets.Frames)) / Math.Max(1, own.Length);
        }

        return guesses;
    }
}
