using Mimir.Base.Options;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>The options of programs that align with graphs made without the costs of transitions.</summary>
internal record CompiledAlignmentOptions : AlignmentOptions
{
    /// <summary>Transition-probability scale, relative to acoustics.</summary>
    [Option("transition-scale")]
    public float TransitionScale { get; init; } = 1;

    /// <summary>Scale of self-loop versus non-self-loop log probabilities, relative to acoustics.</summary>
    [Option("self-loop-scale")]
    public float SelfLoopScale { get; init; } = 1;
}

/// <summary>align-compiled-mapped: aligns log-likelihoods of a network with training graphs.</summary>
internal sealed class AlignCompiledMappedTool()
    : KaldiTool<AlignCompiledMappedTool.Options>(
        "align-compiled-mapped",
        "Generate alignments, reading log-likelihoods as matrices (the model is needed only for its transitions).",
        "<trans-model-in> <graphs-rspecifier> <feature-rspecifier> <alignments-wspecifier> [<scores-wspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options : CompiledAlignmentOptions
    {
        /// <summary>Accepted as Kaldi accepts it; the wspecifier decides.</summary>
        [Option("binary")]
        public bool Binary { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var costs = new TransitionCosts(model, options.TransitionScale, options.SelfLoopScale);
        using var graphs = FstTables.Vector.Open(arguments[1], io);
        using var run = new AlignmentRun(
            model.ToPdfMap(), options, arguments[3], arguments.Count > 4 ? arguments[4] : null, null, log, io);
        return run.Fill(() =>
        {
            foreach (var (utterance, matrix) in KaldiTables.Matrix.Read(arguments[2], io))
            {
                if (!graphs.TryGet(utterance, out var compiled))
                {
                    run.Skip($"No fst for utterance {utterance}");
                    continue;
                }

                if (matrix.Rows == 0)
                {
                    run.Skip($"Empty loglikes matrix utterance: {utterance}");
                    continue;
                }

                var graph = compiled.Copy();
                costs.AddTo(graph);
                run.Align(utterance, graph, new MatrixScores(matrix.Data, matrix.Rows, matrix.Columns));
            }
        });
    }
}
