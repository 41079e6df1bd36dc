using MathNet.Numerics.Statistics;
using Mimir.Base;

namespace Mimir.Decode.Scoring;

/// <summary>Options of <see cref="PairedBootstrap"/>.</summary>
public sealed record BootstrapOptions
{
    /// <summary>Number of resamplings, at least 1.</summary>
    public int Draws { get; init; } = 10_000;

    /// <summary>Seed of the resamplings.</summary>
    public ulong Seed { get; init; } = 2004;

    /// <summary>Confidence level: the share of resamplings within the interval, above 0 and below 1.</summary>
    public double Level { get; init; } = 0.95;
}

/// <summary>The difference of two systems and its confidence.</summary>
/// <param name="Difference">The error rate of the second system minus that of the first, in per cent of the reference.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="ProbabilityOfImprovement">The share of draws in which the second system has fewer errors; draws in which both
/// have as many count half.</param>
/// <param name="Utterances">The number of utterances.</param>
public sealed record BootstrapResult(double Difference, double Low, double High, double ProbabilityOfImprovement, int Utterances)
{
    /// <summary>True when the interval excludes 0: at a level of 0.95 the difference is significant at 5%.</summary>
    public bool IsSignificant => Low > 0 || High < 0;
}

/// <summary>
/// Compares the errors of two systems on the same utterances: utterances are resampled with replacement, and each resampling
/// gives a difference of error rates. M. Bisani, H. Ney: Bootstrap estimates for confidence intervals in ASR performance
/// evaluation, ICASSP 2004.
/// </summary>
/// <remarks>
/// An utterance is drawn with the errors of both systems, so a difficulty for both cancels out. Draws depend on the seed and
/// the number of utterances alone: comparisons with the same seed have the same draws.
/// </remarks>
public static class PairedBootstrap
{
    /// <summary>Compares the errors of two systems.</summary>
    /// <param name="first">The errors of the system to compare with, an utterance each.</param>
    /// <param name="second">The errors of the other system in the same utterances, in the same order.</param>
    /// <param name="options">Draws, seed, level; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// The lists differ in length or in the reference's tokens, or the reference has no token at all.
    /// </exception>
    public static BootstrapResult Compare(
        IReadOnlyList<ErrorCounts> first, IReadOnlyList<ErrorCounts> second, BootstrapOptions? options = null)
    {
        options ??= new();
        var (more, tokens) = Utterances(first, second);
        var differences = Draw(more, tokens, options);
        var better = differences.Count(difference => difference < 0) + 0.5 * differences.Count(difference => difference == 0);

        // Equally many draws lie below and above the interval.
        var outside = (int)Math.Floor(differences.Length * (1 - options.Level) / 2 + 1e-9);
        return new(
            100.0 * more.Sum() / tokens.Sum(),
            ArrayStatistics.OrderStatisticInplace(differences, outside + 1),
            ArrayStatistics.OrderStatisticInplace(differences, differences.Length - outside),
            better / differences.Length,
            more.Length);
    }

    /// <summary>
    /// For each utterance, the errors of the second system less those of the first, and the number of reference tokens.
    /// </summary>
    private static (long[] More, long[] Tokens) Utterances(IReadOnlyList<ErrorCounts> first, IReadOnlyList<ErrorCounts> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException(
                $"expected the same utterances of both systems, got {first.Count} and {second.Count}", nameof(second));
        }

        for (var i = 0; i < first.Count; i++)
        {
            if (first[i].Reference != second[i].Reference)
                throw new ArgumentException($"the references of utterance {i + 1} differ in length", nameof(second));
        }

        var tokens = first.Select(counts => counts.Reference).ToArray();
        if (tokens.Sum() == 0)
            throw new InputException("the references have not one token");

        return ([.. first.Zip(second, (one, other) => other.Errors - one.Errors)], tokens);
    }

    private static double[] Draw(long[] more, long[] tokens, BootstrapOptions options)
    {
        var random = new SeededRandom(options.Seed);
        var differences = new double[options.Draws];
        for (var draw = 0; draw < differences.Length; draw++)
        {
            var (errors, words) = (0L, 0L);

            // A draw of empty references only has no error rate.
            while (words == 0)
            {
                errors = 0;
                for (var i = 0; i < more.Length; i++)
                {
                    var drawn = random.Below(more.Length);
                    errors += more[drawn];
                    words += tokens[drawn];
                }
            }

            differences[draw] = 100.0 * errors / words;
        }

        return differences;
    }
}
