using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Rescoring;
using Mimir.Decode.Search;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Latbin;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-rescore-lattice: replaces the acoustic costs of lattices by those of Gaussian mixtures.</summary>
internal sealed class GmmRescoreLatticeTool()
    : KaldiTool<GmmRescoreLatticeTool.Options>(
        "gmm-rescore-lattice",
        "Replace the acoustic scores on a lattice using a new model.",
        "<model-in> <lattice-rspecifier> <feature-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Scale of the scores in the input lattices, which are added in rather than discarded.</summary>
        [Option("old-acoustic-scale")]
        public float OldScale { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var (scorer, pdfs) = (new GmmScorer(model.Acoustic), model.Transitions.ToPdfMap());
        using var table = KaldiTables.Matrix.Open(arguments[2], io);
        var frames = 0L;
        var (done, errors) = WordLattice.Table.Map(WordLattice.Table.Read(arguments[1], io), arguments[3], io, (key, lattice) =>
        {
            if (!table.TryGet(key, out var features))
            {
                log.Warning($"No feature found for utterance {key}. Skipping");
                return null;
            }

            if (lattice.StateCount == 0)
            {
                log.Warning($"Rescoring empty lattice (utterance {key})");
                return null;
            }

            Posteriors.Check(model.Transitions, key, lattice.ToLattice().Transitions());
            IAcousticScores scores = Utterance.Run(key, () => new GmmScores(scorer, features));
            try
            {
                var rescored = AcousticRescoring.Apply(
                    lattice, features.Rows, (frame, id) => scores.Score(frame, pdfs[id]), options.OldScale);
                frames += features.Rows;
                return rescored;
            }
            catch (InputException misfit)
            {
                log.Warning($"{misfit.Message} (utterance {key})");
                return null;
            }
        });
        log.Log($"Done {done} lattices with errors on {errors}, #frames is {frames}");
        return done != 0;
    }
}
