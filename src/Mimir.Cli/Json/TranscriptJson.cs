using System.Text.Json.Nodes;
using Mimir.Train.Transcription;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Cli.Json;

/// <summary>The form of <c>mimir transcribe --json</c>.</summary>
internal static class TranscriptJson
{
    /// <summary>All recordings.</summary>
    internal static JsonObject Of(string model, IReadOnlyList<Transcript> transcripts) => new()
    {
        ["model"] = model,
        ["recordings"] = JsonOutput.List(transcripts.Where(transcript => transcript.Failure is null), Of),
        ["failures"] = JsonOutput.List(
            transcripts.Where(transcript => transcript.Failure is not null),
            transcript => new JsonObject { ["source"] = transcript.Source, ["error"] = transcript.Failure }),
    };

    /// <summary>One recording.</summary>
    internal static JsonObject Of(Transcript transcript) => new()
    {
        ["id"] = transcript.Id,
        ["source"] = transcript.Source,
        ["seconds"] = Round(transcript.Duration),
        ["channel"] = transcript.Channel,
        ["text"] = Text(transcript.Words),
        ["segments"] = JsonOutput.List(transcript.Segments, Segment),
    };

    /// <summary>A change in a stream: <c>final</c> and the rule that ended the utterance in front of its segment.</summary>
    internal static JsonObject Of(StreamEvent change)
    {
        var segment = Segment(change.Segment);
        segment.Insert(0, "final", change.IsFinal);
        segment.Insert(1, "rule", change.Rule < 0 ? null : change.Rule + 1);
        return segment;
    }

    private static JsonObject Segment(TranscribedSegment segment) => new()
    {
        ["start"] = Round(segment.Start),
        ["end"] = Round(segment.End),
        ["text"] = Text(segment.Words),
        ["partial"] = segment.IsPartial,
        ["words"] = JsonOutput.List(segment.Words, word => new JsonObject
        {
            ["word"] = word.Text,
            ["start"] = Round(word.Start),
            ["end"] = Round(word.End),
            ["confidence"] = Round(word.Confidence),
        }),
    };

    private static string Text(IEnumerable<TranscribedWord> words) => string.Join(' ', words.Select(word => word.Text));

    private static double Round(double value) => Math.Round(value, 3);
}
