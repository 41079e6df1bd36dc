using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>The loop of the programs that make a graph of each text and align with it.</summary>
internal static class TextAlignment
{
    /// <summary>Aligns a table.</summary>
    /// <param name="model">The transition model.</param>
    /// <param name="graphs">Makes the graphs.</param>
    /// <param name="options">Beams and scale.</param>
    /// <param name="arguments">From the fourth on: features, texts and alignments.</param>
    /// <param name="score">Gives the scores of an utterance, a graph and features.</param>
    /// <param name="log">Receives results and warnings.</param>
    /// <param name="io">What may be opened.</param>
    public static bool Run(
        TransitionModel model,
        TrainingGraphs graphs,
        TextAlignmentOptions options,
        IReadOnlyList<string> arguments,
        Func<string, VectorFst, FloatMatrix, IAcousticScores> score,
        KaldiLog log,
        KaldiIoOptions io)
    {
        using var texts = KaldiTables.IntVector.Open(arguments[4], io);
        using var run = new AlignmentRun(model.ToPdfMap(), options.Alignment, arguments[5], null, null, log, io);
        return run.Fill(() =>
        {
            foreach (var (utterance, matrix) in KaldiTables.Matrix.Read(arguments[3], io))
            {
                if (!texts.TryGet(utterance, out var words))
                    run.Skip($"No transcript found for utterance {utterance}");
                else if (matrix.Rows == 0)
                    run.Skip($"Zero-length features for utterance: {utterance}");
                else if (CompiledGraphs.Checked(utterance, graphs.Make, words, log) is { } graph)
                    run.Align(utterance, graph, score(utterance, graph, matrix));
                else
                    run.Skip($"Problem creating decoding graph for utterance {utterance}");
            }
        });
    }
}
