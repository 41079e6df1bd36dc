using System.Text.Json.Nodes;
using Mimir.Decode.Scoring;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir score --json</c>.</summary>
internal static class ScoreJson
{
    /// <summary>The errors in all, by speaker and by utterance.</summary>
    /// <param name="sheet">The scores.</param>
    /// <param name="speakers">Adds a list of the speakers.</param>
    /// <param name="utterances">Adds a list of the utterances.</param>
    /// <param name="syllables">The syllable errors with and without tones; null without a lexicon.</param>
    internal static JsonObject Of(ScoreSheet sheet, bool speakers, bool utterances, (ErrorCounts Tonal, ErrorCounts Toneless)? syllables)
    {
        var result = new JsonObject
        {
            ["unit"] = sheet.Options.Unit == ScoreUnit.Character ? "character" : "word",
            ["total"] = Counts(sheet.Total),
            ["utterances"] = sheet.Utterances.Count,
            ["wrong_utterances"] = sheet.WrongUtterances,
            ["missing"] = JsonOutput.List(sheet.Missing),
            ["unknown"] = JsonOutput.List(sheet.Unknown),
            ["notes"] = JsonOutput.List(sheet.Notes()),
        };
        if (syllables is var (tonal, toneless))
            result["syllables"] = new JsonObject { ["with_tones"] = Counts(tonal), ["without_tones"] = Counts(toneless) };
        if (speakers)
            result["by_speaker"] = JsonOutput.List(sheet.Speakers, speaker => Named("speaker", speaker.Key, speaker.Value));
        if (utterances)
            result["by_utterance"] = JsonOutput.List(sheet.Utterances, scored => Named("utterance", scored.Utterance, scored.Counts));
        return result;
    }

    private static JsonObject Named(string kind, string name, ErrorCounts counts)
    {
        var result = Counts(counts);
        result.Insert(0, kind, name);
        return result;
    }

    private static JsonObject Counts(ErrorCounts counts) => new()
    {
        ["percent"] = JsonOutput.Number(counts.Percent),
        ["errors"] = counts.Errors,
        ["reference"] = counts.Reference,
        ["insertions"] = counts.Insertions,
        ["deletions"] = counts.Deletions,
        ["substitutions"] = counts.Substitutions,
    };
}
