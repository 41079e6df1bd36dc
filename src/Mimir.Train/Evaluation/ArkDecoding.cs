using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Evaluation;

/// <summary>Options of decoding scores of frames from a Kaldi table.</summary>
public sealed record ArkDecodingOptions
{
    /// <summary>Gets the table of scores, <c>[T, P]</c> for P classes: an rspecifier.</summary>
    public required string Scores { get; init; }

    /// <summary>Gets the transition model that the graph was made with.</summary>
    public required string TransitionModel { get; init; }

    /// <summary>True for posteriors; else the scores are log-likelihoods.</summary>
    public bool Posteriors { get; init; }

    /// <summary>Gets the class counts whose log-priors are subtracted, or null to subtract nothing.</summary>
    public string? Counts { get; init; }

    /// <summary>Gets the graph, the beams and the weights.</summary>
    public required DecodeRecipe Decode { get; init; }

    /// <summary>Gets the transcripts, or null to score nothing.</summary>
    public string? References { get; init; }

    /// <summary>Gets the number of threads; 0 takes all cores.</summary>
    public int Threads { get; init; }
}

/// <summary>Decodes posteriors or log-likelihoods that some other program computed.</summary>
public static class ArkDecoding
{
    private const string Set = "scores";
    private const float SmallestPosterior = 1e-20f;

    /// <summary>Decodes and, with transcripts, scores.</summary>
    /// <param name="options">The scores, the graph and the weights.</param>
    /// <param name="folder">Receives <c>hyp.txt</c> and, with transcripts, the tables of errors.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between two utterances.</param>
    /// <returns>The best score, or null without transcripts.</returns>
    /// <exception cref="InputException">A file is damaged, or the scores do not fit the model.</exception>
    public static SetScore? Run(
        ArkDecodingOptions options, string folder, ITrainingProgress progress, TimeProvider time, CancellationToken cancellation)
    {
        var model = Mimir.Kaldi.Alignments.TransitionModel.Read(options.TransitionModel);
        var graph = DecodingGraph.Read(options.Decode.Graph, model);
        var decoder = new SetDecoder(graph, options.Decode, options.Threads, progress, time);
        var decoding = decoder.Decode(Set, 0, Scores(options, model), cancellation);
        Directory.CreateDirectory(folder);
        return options.References is { } references
            ? Score(options.Decode.Score, decoding, graph.Words, references, folder)
            : Write(options.Decode.Score, decoding, graph.Words, folder);
    }

    private static IEnumerable<KeyValuePair<string, FloatMatrix>> Scores(ArkDecodingOptions options, TransitionModel model)
    {
        var priors = options.Counts is { } counts ? PdfCounts.Read(counts).LogPriors() : new float[model.PdfCount];
        foreach (var (utterance, scores) in KaldiTables.Matrix.Read(options.Scores))
        {
            if (scores.Columns != model.PdfCount || priors.Length != model.PdfCount)
            {
                throw new InputException(
                    $"{options.Scores}: utterance '{utterance}': expected scores and counts of {model.PdfCount} classes, got "
                    + $"{scores.Columns} and {priors.Length}.");
            }

            for (var frame = 0; frame < scores.Rows; frame++)
            {
                var place = $"{options.Scores}: utterance '{utterance}', frame {frame}";
                ToLogLikelihoods(scores.Row(frame), priors, options.Posteriors, place);
            }

            yield return new(utterance, scores);
        }
    }

    private static void ToLogLikelihoods(Span<float> row, float[] priors, bool posteriors, string place)
    {
        for (var pdf = 0; pdf < row.Length; pdf++)
        {
            if (float.IsNaN(row[pdf]) || (posteriors && row[pdf] < 0))
                throw new InputException($"{place}: expected a {(posteriors ? "posterior" : "log-likelihood")}, got {row[pdf]}.");

            row[pdf] = (posteriors ? MathF.Log(MathF.Max(row[pdf], SmallestPosterior)) : row[pdf]) - priors[pdf];
        }
    }

    private static SetScore Score(ScoreRecipe recipe, SetDecoding decoding, SymbolTable words, string references, string folder)
    {
        var table = WeightSearch.Run(decoding.Lattices, words, Transcripts.Read(references), SetScorer.OptionsOf(recipe));
        var best = WeightSearch.Best(table);
        ScoreReport.Write(folder, table, best);
        return new(Set, best.Sheet.Options.Measure, best.Sheet.Total, best.LmWeight, best.WordPenalty, references);
    }

    // Without transcripts there is nothing to choose by: the first weight and penalty.
    private static SetScore? Write(ScoreRecipe recipe, SetDecoding decoding, SymbolTable words, string folder)
    {
        var hypotheses = WeightSearch.Hypotheses(decoding.Lattices, words, recipe.LmWeights[0], (float)recipe.WordInsertionPenalties[0]);
        Transcripts.Write(Path.Combine(folder, "hyp.txt"), hypotheses);
        return null;
    }
}
