using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>acc-tree-stats: collects the statistics of a tree from features and alignments.</summary>
internal sealed class AccTreeStatsTool()
    : KaldiTool<AccTreeStatsTool.Options>(
        "acc-tree-stats",
        "Accumulate statistics for phonetic-context tree building.",
        "<model> <features-rspecifier> <alignments-rspecifier> <tree-accs-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ContextOptions
    {
        /// <summary>Phones whose neighbours do not count, with colons between them.</summary>
        [Option("ci-phones")]
        public string IndependentPhones { get; init; } = "";

        /// <summary>Smallest variance in the objective of the tree.</summary>
        [Option("var-floor", Min = 0)]
        public double VarianceFloor { get; init; } = 0.01;

        /// <summary>File with lines of a phone and the phone that it becomes.</summary>
        [Option("phone-map")]
        public string PhoneMap { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var accumulator = new TreeAccumulator(model, new TreeContext
        {
            Width = options.ContextWidth,
            CentralPosition = options.CentralPosition,
            IndependentPhones = PhonesOf(options.IndependentPhones, "--ci-phones").ToHashSet(),
            VarianceFloor = options.VarianceFloor,
            PhoneMap = options.PhoneMap.Length > 0 ? PhoneSets.ReadMap(options.PhoneMap, io) : null,
        });

        var (done, missing, other) = (0, 0, 0);
        using var alignments = KaldiTables.IntVector.Open(arguments[2], io);
        foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[1], io))
        {
            if (!alignments.TryGet(key, out var alignment))
            {
                missing++;
            }
            else if (alignment.Length != features.Rows)
            {
                log.Warning($"Alignments has wrong size {alignment.Length} vs. {features.Rows}");
                other++;
            }
            else
            {
                Posteriors.Check(model, key, alignment);
                if (!accumulator.Add(features, alignment))
                    log.Warning($"AccumulateTreeStats: alignment appears to be bad, not using it: {key}");

                done++;
            }
        }

        var statistics = accumulator.ToStatistics();
        statistics.Write(arguments[3], options.Binary, io);
        log.Log(
            $"Accumulated stats for {done} files, {missing} failed due to no alignment, {other} failed for other reasons.");
        log.Log($"Number of separate stats (context-dependent states) is {statistics.Contexts.Count}");
        return done != 0;
    }

    /// <summary>Splits a list of numbers with colons between them.</summary>
    /// <exception cref="InputException">One is no number above or equal to 0, or comes twice.</exception>
    internal static int[] PhonesOf(string list, string option)
    {
        int[] numbers = [.. list.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InputException($"option {option}: expected numbers with colons between them, got '{list}'."))];
        return numbers.Distinct().Count() == numbers.Length
            ? numbers
            : throw new InputException($"option {option}: a number comes twice in '{list}'.");
    }
}

/// <summary>The window of phones that programs about trees share.</summary>
internal record ContextOptions : BinaryOptions
{
    /// <summary>Number of phones in the window.</summary>
    [Option("context-width", Min = 1)]
    public int ContextWidth { get; init; } = 3;

    /// <summary>Place of the phone itself in the window, from 0.</summary>
    [Option("central-position", Min = 0)]
    public int CentralPosition { get; init; } = 1;
}
