using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-align-compiled: aligns features with training graphs and Gaussian mixtures.</summary>
internal sealed class GmmAlignCompiledTool()
    : KaldiTool<GmmAlignCompiledTool.Options>(
        "gmm-align-compiled",
        "Align features given [GMM-based] models.",
        "<model-in> <graphs-rspecifier> <feature-rspecifier> <alignments-wspecifier> [<scores-wspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : CompiledAlignmentOptions
    {
        /// <summary>Table of the acoustic log-likelihoods of each frame to write.</summary>
        [Option("write-per-frame-acoustic-loglikes")]
        public string FrameScores { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var costs = new TransitionCosts(model.Transitions, options.TransitionScale, options.SelfLoopScale);
        using var features = KaldiTables.Matrix.Open(arguments[2], io);
        using var run = new AlignmentRun(
            model.Transitions.ToPdfMap(), options, arguments[3], arguments.Count > 4 ? arguments[4] : null, options.FrameScores, log, io);
        return run.Fill(() =>
        {
            foreach (var (utterance, graph) in FstTables.Vector.Read(arguments[1], io))
            {
                if (!features.TryGet(utterance, out var matrix))
                {
                    run.Skip($"No features for utterance {utterance}");
                    continue;
                }

                if (matrix.Rows == 0)
                {
                    run.Skip($"Zero-length utterance: {utterance}");
                    continue;
                }

                log.Log(utterance);
                costs.AddTo(graph);
                run.Align(utterance, graph, GraphScores.Of(model, utterance, graph, matrix));
            }
        });
    }
}

/// <summary>The scores of an utterance under the mixtures that its graph has.</summary>
internal static class GraphScores
{
    /// <exception cref="InputException">The features do not fit the model, or the graph has ids that the model lacks.</exception>
    public static IAcousticScores Of(GmmModel model, string utterance, VectorFst graph, FloatMatrix features)
    {
        var pdfs = new SortedSet<int>();
        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (ref readonly var arc in graph.Arcs(state))
            {
                if (arc.Input != 0)
                    pdfs.Add(model.Transitions.PdfOf(arc.Input));
            }
        }

        try
        {
            return new GmmScores(model.Acoustic, features, [.. pdfs]);
        }
        catch (InputException unfit)
        {
            throw new InputException($"utterance '{utterance}': {unfit.Message}", unfit);
        }
    }
}
