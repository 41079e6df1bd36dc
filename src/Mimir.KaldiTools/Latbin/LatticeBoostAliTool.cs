using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-boost-ali: makes wrong phones cheaper, for boosted MMI.</summary>
internal sealed class LatticeBoostAliTool()
    : KaldiTool<LatticeBoostAliTool.Options>(
        "lattice-boost-ali",
        "Boost graph likelihoods (decrease graph costs) by b * #frame-phone-errors on each arc in the lattice.  Useful for "
            + "discriminative training, e.g. boosted MMI.",
        "<model> <lattice-rspecifier> <alignment-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Boosting factor (more makes wrong paths cheaper).</summary>
        [Option("b")]
        public float Factor { get; init; } = 0.05f;

        /// <summary>Error of a wrong frame of silence, from 0 to 1.</summary>
        [Option("max-silence", Min = 0, Max = 1)]
        public float MaxSilence { get; init; }

        /// <summary>Silence phones, as integers with colons between them.</summary>
        [Option("silence-phones")]
        public string SilencePhones { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var boost = new LatticeBoostOptions(
            options.Factor, IntegerList.Parse("silence-phones", options.SilencePhones).ToHashSet(), options.MaxSilence);
        if (boost.SilencePhones.Count == 0)
            log.Warning("No silence phones specified, make sure this is what you intended.");

        var model = TransitionModel.Read(arguments[0], io);
        using var alignments = KaldiTables.IntVector.Open(arguments[2], io);
        var missing = 0;
        var (done, errors) = WordLattice.Table.Map(Lattice.Table.Read(arguments[1], io), arguments[3], io, (key, lattice) =>
        {
            if (lattice.StateCount == 0)
            {
                log.Warning($"Empty lattice for utterance {key}");
                return null;
            }

            if (options.Factor == 0)
                return lattice.ToWords();

            if (!alignments.TryGet(key, out var alignment))
            {
                log.Warning($"No alignment for utterance {key}");
                missing++;
                return null;
            }

            return Utterance.Run(key, () => LatticeBoost.Apply(lattice, model, alignment, boost)).ToWords();
        });
        log.Log($"Done {done} lattices, missing alignments for {missing}, other errors on {errors - missing}");
        return done != 0;
    }
}

/// <summary>Options that are integers with colons between them.</summary>
internal static class IntegerList
{
    /// <summary>Reads the integers.</summary>
    /// <exception cref="InputException">A part is none.</exception>
    public static IReadOnlyList<int> Parse(string option, string text) =>
    [
        .. text.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(part => int.TryParse(part, out var number)
            ? number
            : throw new InputException($"--{option}: expected integers with colons between them, got '{text}'.")),
    ];
}
