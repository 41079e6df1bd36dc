using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-add-trans-probs: adds the costs of transitions to graph costs.</summary>
internal sealed class LatticeAddTransProbsTool()
    : KaldiTool<LatticeAddTransProbsTool.Options>(
        "lattice-add-trans-probs",
        "Add transition probabilities into graph part of lattice scores, controlled by options --transition-scale and "
            + "--self-loop-scale, which would normally be set to the same values used in graph compilation",
        "<model> <lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scale of transition probabilities, without those of self-loops.</summary>
        [Option("transition-scale")]
        public float TransitionScale { get; init; } = 1;

        /// <summary>Scale of the probability of self-loops against all others.</summary>
        [Option("self-loop-scale")]
        public float SelfLoopScale { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var (done, _) = WordLattice.Table.Map(Lattice.Table.Read(arguments[1], io), arguments[2], io, (key, lattice) =>
        {
            Posteriors.Check(model, key, lattice.Transitions());
            return lattice.Map(
                arc => arc.Input == 0 ? arc.Weight : arc.Weight with
                {
                    Graph = arc.Weight.Graph
                        - model.ScaledLogProbabilityOf(arc.Input, options.TransitionScale, options.SelfLoopScale),
                },
                arc => arc.Word).ToWords();
        });
        log.Log($"Done adding transition probabilities to {done} lattices.");
        return done != 0;
    }
}

/// <summary>lattice-to-phone-lattice: phones in place of words or of transition-ids.</summary>
internal sealed class LatticeToPhoneLatticeTool()
    : KaldiTool<LatticeToPhoneLatticeTool.Options>(
        "lattice-to-phone-lattice",
        "Convert the words or transition-ids into phones, which are worked out from the transition-ids.",
        "<model> <lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Replace words with phones; otherwise replace transition-ids.</summary>
        [Option("replace-words")]
        public bool ReplaceWords { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var (done, _) = WordLattice.Table.Map(Lattice.Table.Read(arguments[1], io), arguments[2], io, (key, lattice) =>
        {
            Posteriors.Check(model, key, lattice.Transitions());
            return options.ReplaceWords
                ? lattice.Map(arc => arc.Weight, arc => BeginsPhone(model, arc.Input) ? model.PhoneOf(arc.Input) : 0).ToWords()
                : lattice.ToWords().MapAlignments(
                    alignment => [.. alignment.Where(model.IsFinal).Select(model.PhoneOf)]);
        });
        log.Log($"Done converting {done} lattices.");
        return done != 0;
    }

    private static bool BeginsPhone(TransitionModel model, int transition) =>
        transition != 0 && model.HmmStateOf(transition) == 0 && !model.IsSelfLoop(transition);
}
