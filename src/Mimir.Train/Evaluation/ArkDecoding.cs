using System.Text;
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

    /// <summary>Gets the encoding of the transcripts; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

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
        var texts = options.References is { } file ? Transcripts.Read(file, options.Encoding) : null;
        var model = Mimir.Kaldi.Alignments.TransitionModel.Read(options.TransitionModel);
        var graph = DecodingGraph.Read(options.Decode.Graph, model);
        var decoder = new SetDecoder(graph, options.Decode, options.Threads, progress, time);
        var decoding = decoder.Decode(Set, 0, Scores(options, model), cancellation);
        var score = options.Decode.Score;
        SetScorer.WriteHypotheses(decoding, graph.Words, score.LmWeights[0], (float)score.WordInsertionPenalties[0], folder);
        return texts is null ? null : Score(score, decoding, graph.Words, texts, options.References, progress, folder);
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

    // The hypotheses are written already, at the first weight and penalty: there may be nothing to choose by.
    private static SetScore? Score(
        ScoreRecipe recipe, SetDecoding decoding, SymbolTable words, IReadOnlyDictionary<string, string> references, string? name,
        ITrainingProgress progress, string folder)
    {
        var hypotheses = decoding.Lattices.ToDictionary(lattice => lattice.Key, _ => "", StringComparer.Ordinal);
        if (ScoreSheet.Obstacle(references, hypotheses, recipe.Ignored) is { } obstacle)
        {
            progress.Say($"{name}: {obstacle}, so the error rate is left out");
            return null;
        }

        var table = WeightSearch.Run(decoding.Lattices, words, references, SetScorer.OptionsOf(recipe));
        var best = WeightSearch.Best(table);
        ScoreReport.Write(folder, table, best);
        foreach (var note in best.Sheet.Notes())
            progress.Say(note);

        return new(Set, best.Sheet.Options.Measure, best.Sheet.Total, best.LmWeight, best.WordPenalty, name);
    }
}
