using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>compute-wer-bootci: confidence intervals of error rates by the bootstrap.</summary>
internal sealed class ComputeWerBootciTool()
    : KaldiTool<ComputeWerBootciTool.Options>(
        "compute-wer-bootci",
        "Compute a bootstrapping of WER to extract the 95% confidence interval (Bisani and Ney), and with a second transcription "
            + "the probability that it is better.",
        "<ref-rspecifier> <hyp-rspecifier> [<hyp2-rspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ScoringOptions
    {
        /// <summary>Number of replications to compute the intervals.</summary>
        [Option("replications", Min = 1)]
        public int Replications { get; init; } = 10_000;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (first, second) = ReadErrors(options.ScoringMode, arguments, io);
        if (first.Sum(errors => errors.Reference) == 0)
            throw new InputException("the references that are scored have not one word.");

        // Kaldi draws with the C library's rand, which it does not seed.
        var random = new CLibraryRandom(1);
        using var output = OpenPrinted(io);
        PrintInterval(output, "Set1", first, options.Replications, random);
        if (second is null)
            return true;

        PrintInterval(output, "Set2", second, options.Replications, random);
        var better = 0;
        for (var replication = 0; replication < options.Replications; replication++)
        {
            var more = 0L;
            foreach (var _ in first)
            {
                var drawn = random.Next() % first.Count;
                more += first[drawn].Errors - second[drawn].Errors;
            }

            better += more > 0 ? 1 : 0;
        }

        output.WriteLine($"Probability of Set2 improving Set1: {Text(100 * ((float)better / options.Replications))}");
        return true;
    }

    private static void PrintInterval(
        TextWriter output, string name, List<ErrorCounts> errors, int replications, CLibraryRandom random)
    {
        var (sum, squares) = (0f, 0f);
        for (var replication = 0; replication < replications; replication++)
        {
            var (wrong, words) = (0L, 0L);
            foreach (var _ in errors)
            {
                var drawn = errors[errors.Count == 1 ? 0 : random.Next() % errors.Count];
                (wrong, words) = (wrong + drawn.Errors, words + drawn.Reference);
            }

            var rate = (float)wrong / words;
            (sum, squares) = (sum + rate, squares + (rate * rate));
        }

        var mean = sum / replications;
        var half = (float)(1.96 * MathF.Sqrt((squares / replications) - (mean * mean)));
        output.WriteLine(
            $"{name}: %WER {Text(100 * mean)} 95% Conf Interval [ {Text((100 * mean) - (100 * half))}, "
            + $"{Text((100 * mean) + (100 * half))} ]");
    }

    private static (List<ErrorCounts> First, List<ErrorCounts>? Second) ReadErrors(
        string mode, IReadOnlyList<string> arguments, KaldiIoOptions io)
    {
        var first = ScoredSentence.Read(mode, arguments[0], arguments[1], io).ToList();
        if (arguments.Count < 3)
            return ([.. first.Select(sentence => sentence.Errors).OfType<ErrorCounts>()], null);

        var second = ScoredSentence.Read(mode, arguments[0], arguments[2], io).ToList();
        var both = first.Zip(second).Where(pair => pair.First.Errors is not null && pair.Second.Errors is not null).ToList();
        return (
            [.. both.Select(pair => pair.First.Errors).OfType<ErrorCounts>()],
            [.. both.Select(pair => pair.Second.Errors).OfType<ErrorCounts>()]);
    }

    private static string Text(float percent) =>
        float.IsNaN(percent) ? "-nan" : ((double)percent).ToString("F2", CultureInfo.InvariantCulture);
}
