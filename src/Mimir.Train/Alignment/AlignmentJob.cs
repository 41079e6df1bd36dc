using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Building;
using Mimir.Decode.Search;
using Mimir.Train.Data;
using Mimir.Train.Reports;

namespace Mimir.Train.Alignment;

/// <summary>Options of aligning a data directory.</summary>
public sealed record AlignmentJobOptions
{
    /// <summary>Gets the folder of the model: see <see cref="AlignmentModel.Read"/>.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the files of the model that are elsewhere.</summary>
    public AlignmentModelFiles Files { get; init; } = new();

    /// <summary>Gets the data directory, with <c>text</c>.</summary>
    public required string Data { get; init; }

    /// <summary>Gets the folder that relative paths in <c>wav.scp</c> start from; null for the run's own, or the current one.</summary>
    public string? Root { get; init; }

    /// <summary>Gets the folder of the language: <c>L.fst</c>, <c>words.txt</c>, <c>phones.txt</c>.</summary>
    public required string Language { get; init; }

    /// <summary>Gets the folder to write.</summary>
    public required string Output { get; init; }

    /// <summary>Gets beams and scales.</summary>
    public SetAlignmentOptions Alignment { get; init; } = new();

    /// <summary>True to write a TextGrid of each utterance.</summary>
    public bool TextGrids { get; init; } = true;

    /// <summary>Gets the number of threads; 0 is one for each core.</summary>
    public int Threads { get; init; }
}

/// <summary>The result of an alignment.</summary>
/// <param name="Scores">The utterances that were aligned, those with doubtful transcripts first.</param>
/// <param name="Failures">The others, with the reasons.</param>
/// <param name="Retried">The utterances that needed the second beam.</param>
/// <param name="Unknown">The words that the lexicon lacks, with their numbers.</param>
public sealed record AlignmentSummary(
    IReadOnlyList<AlignmentScore> Scores,
    IReadOnlyList<(string Utterance, string Reason)> Failures,
    int Retried,
    IReadOnlyDictionary<string, int> Unknown);

/// <summary>Aligns a data directory with a network, and writes alignments, times, confidences and what is wrong with the texts.</summary>
public static class AlignmentJob
{
    /// <summary>Aligns.</summary>
    /// <param name="options">The model, the data and the folder to write.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="cancellation">Stops between two utterances.</param>
    /// <exception cref="InputException">A file is wrong, the parts do not belong together, or no utterance aligns.</exception>
    public static AlignmentSummary Run(AlignmentJobOptions options, ITrainingProgress progress, CancellationToken cancellation)
    {
        var language = LangLexicon.Read(options.Language);
        using var model = AlignmentModel.Read(options.Model, options.Files);
        RequirePhones(model, language, options.Language);
        var (corpus, set) = model.Load(options.Data, options.Root, progress, cancellation);
        var texts = SetLoader.UtterancesOf(set).ToDictionary(utterance => utterance.Id, utterance => utterance.Text);
        if (texts.Values.All(text => text is null))
            throw new InputException($"{Path.Combine(options.Data, "text")}: no such file, and without texts there is nothing to align.");

        var failures = corpus.Drops.Drops.Select(drop => (drop.Utterance, $"{DropReport.Words(drop.Reason)}: {drop.Detail}")).ToList();
        var (scores, unknown, retried) = (new List<AlignmentScore>(), new SortedDictionary<string, int>(StringComparer.Ordinal), 0);
        var aligner = new SetAligner(language, model.Tree, model.Transitions, options.Alignment, options.Threads);
        var words = new WordSegmenter(language.Lexicon, language.OptionalSilence);
        var confidence = new PhoneConfidence(model.Transitions, model.Acoustic.LogPriors);
        Directory.CreateDirectory(options.Output);
        if (options.TextGrids)
            Directory.CreateDirectory(Path.Combine(options.Output, "textgrid"));

        using var files = new AlignmentFiles(options.Output, language, model.FrameShift, options.TextGrids);
        try
        {
            foreach (var aligned in aligner.Align(Requests(model, corpus, texts, cancellation)))
            {
                retried += aligned.Retried ? 1 : 0;
                foreach (var word in aligned.Lacking)
                    unknown[word] = unknown.GetValueOrDefault(word) + 1;

                if (aligned.Path is { } path)
                {
                    var scored = ScoredAlignment.Of(aligned, path, model.Transitions, words, confidence);
                    files.Write(scored);
                    scores.Add(ScoreOf(scored, aligned.Lacking, language));
                }
                else
                {
                    failures.Add((aligned.Request.Utterance, aligned.Failure ?? ""));
                }

                Report(progress, scores.Count + failures.Count, texts.Count);
            }

            if (scores.Count == 0)
                throw new InputException($"{options.Data}: no utterance aligns; the first: {failures[0].Utterance}: {failures[0].Item2}.");

            files.Finish(scores, failures);
        }
        catch (Exception)
        {
            files.Discard();
            throw;
        }

        model.Transitions.Write(Path.Combine(options.Output, "final.mdl"));
        model.Tree.Write(Path.Combine(options.Output, "tree"));
        return new([.. scores.OrderBy(score => score.Score)], failures, retried, unknown);
    }

    private static IEnumerable<AlignmentRequest> Requests(
        AlignmentModel model, FrameCorpus corpus, Dictionary<string, string?> texts, CancellationToken cancellation)
    {
        foreach (var (utterance, scores) in model.Acoustic.Score(corpus, cancellation))
        {
            var id = corpus.Utterances[utterance];
            yield return new(id, texts[id], new MatrixScores(scores.Data, scores.Rows, scores.Columns));
        }
    }

    private static AlignmentScore ScoreOf(ScoredAlignment scored, IReadOnlyList<string> lacking, LangLexicon language)
    {
        var word = scored.Weakest?.Segment.Word;
        var name = word is null ? "" : word == 0 ? AlignmentScore.Silence : language.Words.SymbolOf(word.Value);
        return new(scored.Utterance, scored.Score, name, scored.MeanConfidence, scored.LogLikelihood, lacking);
    }

    private static void RequirePhones(AlignmentModel model, LangLexicon language, string folder)
    {
        var missing = model.Transitions.Topology.Phones.Where(phone => !language.Phones.Has(phone)).ToList();
        if (missing.Count > 0)
        {
            throw new InputException(
                $"{folder}: phones.txt does not name phone {missing[0]} of the model ({missing.Count} are missing); is it the language "
                + "that the model was trained with?");
        }
    }

    private static void Report(ITrainingProgress progress, int done, int total) => progress.Report(new()
    {
        Stage = RunStage.Decoding,
        Set = "alignment",
        Done = done,
        Total = total,
        Unit = "utterances",
    });
}
