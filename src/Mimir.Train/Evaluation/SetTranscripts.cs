using Mimir.Decode.Scoring;
using Mimir.Kaldi.Data;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Evaluation;

/// <summary>The transcripts that a set is scored with, or the reason why it has none.</summary>
/// <param name="References">Utterance to text, for the utterances of the set.</param>
/// <param name="Speakers">Utterance to speaker.</param>
/// <param name="Obstacle">The reason why there is no error rate; null when there is one.</param>
public sealed record SetTranscripts(
    IReadOnlyDictionary<string, string> References, IReadOnlyDictionary<string, string> Speakers, string? Obstacle)
{
    /// <summary>Reads the transcripts of a set.</summary>
    /// <param name="recipe">May name a file for all sets, and words that do not count.</param>
    /// <param name="set">The set, which may name a file of its own.</param>
    /// <exception cref="Mimir.Base.InputException">A file is malformed, or those of the set's folder disagree.</exception>
    public static SetTranscripts Read(ScoreRecipe recipe, CorpusSet set)
    {
        var utterances = SetLoader.UtterancesOf(set);
        var speakers = utterances.ToDictionary(utterance => utterance.Id, utterance => utterance.Speaker, StringComparer.Ordinal);
        var file = FileOf(recipe, set);
        if (!File.Exists(file))
            return new(new Dictionary<string, string>(), speakers, $"there is no {file}");

        var all = DataDirectory.IsManifest(file) ? TextsOf(utterances) : Transcripts.Read(file, set.TextEncoding);
        var references = utterances
            .Where(utterance => all.ContainsKey(utterance.Id))
            .ToDictionary(utterance => utterance.Id, utterance => all[utterance.Id], StringComparer.Ordinal);
        var obstacle = references.Count == 0
            ? $"{file} has no transcript of any utterance of {set.Dir}"
            : ScoreSheet.Obstacle(references, references, recipe.Ignored) is { } why ? $"{file}: {why}" : null;
        return new(references, speakers, obstacle);
    }

    /// <summary>The file of transcripts of a set.</summary>
    internal static string FileOf(ScoreRecipe recipe, CorpusSet set) =>
        set.Reference ?? recipe.Reference ?? (DataDirectory.IsManifest(set.Dir) ? set.Dir : Path.Combine(set.Dir, "text"));

    private static Dictionary<string, string> TextsOf(IReadOnlyList<Utterance> utterances) => utterances
        .Where(utterance => utterance.Text is not null)
        .ToDictionary(utterance => utterance.Id, utterance => utterance.Text ?? "", StringComparer.Ordinal);
}
