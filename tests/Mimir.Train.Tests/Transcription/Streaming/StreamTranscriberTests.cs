using Mimir.Decode.Search;
using Mimir.Features.Audio;
using Mimir.Train.Packages;
using Mimir.Train.Tests.Packages;
using Mimir.Train.Transcription;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Train.Tests.Transcription.Streaming;

[Collection(TranscribingToy.Name)]
public sealed class StreamTranscriberTests(TranscribingToy toy)
{
    [Theory]
    [InlineData(16000)]
    [InlineData(48000)]
    public void Run_without_cuts_hears_what_is_heard_in_the_recording(int rate)
    {
        var file = toy.WriteLong($"stream{rate}.wav", 6, silence: 0.1, rate);
        var whole = Assert.Single(TranscribingToy.Transcribe(toy.Run, AudioSources.Find([file])));

        var changes = Follow(file, 1000, []);

        var last = Assert.Single(changes, change => change.IsFinal);
        Assert.Same(last, changes[^1]);
        Assert.Equal(-1, last.Rule);
        Assert.Equal(whole.Words.Select(Rounded), last.Segment.Words.Select(Rounded));
        Assert.InRange(changes.Count, 5, 200);
        Assert.All(changes.SkipLast(1), change => Assert.True(change.Segment.End <= last.Segment.End));

        // Half-way, about half of the words are known.
        var middle = changes[changes.Count / 2].Segment.Words.Select(word => word.Text).ToList();
        Assert.InRange(middle.Count, 1, whole.Words.Count() - 1);
    }

    [Fact]
    public void Run_cuts_and_does_not_depend_on_the_pieces()
    {
        var file = toy.WriteLong("cuts.wav", 8, silence: 0.3);
        EndpointRule[] rules = [new() { MustContainSpeech = false, MinTrailingSilence = 0, MinUtteranceLength = 1.25f }];

        var changes = Follow(file, 37, rules);

        var cuts = changes.Where(change => change.IsFinal).Select(change => change.Segment).ToList();
        Assert.True(cuts.Count > 3);
        Assert.All(cuts.SkipLast(1), segment => Assert.Equal(1.3, segment.End - segment.Start, 1e-6));
        Assert.All(cuts.Zip(cuts.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start, 1e-6));
        var once = Follow(file, 1 << 24, rules);
        Assert.Equal(changes.Select(Description), once.Select(Description));
    }

    [Fact]
    public void Run_of_a_stream_without_samples_hears_nothing()
    {
        using var speech = SpeechModel.Load(ModelFiles.Find(toy.Run, []));
        var transcriber = new StreamTranscriber(speech, EndpointOptions.KaldiRules);

        Assert.Empty(transcriber.Run(AudioFeed.OpenRaw(new MemoryStream(), "nothing", 16000)));
        Assert.InRange(transcriber.Latency, 0.2, 0.5);
        Assert.False(transcriber.KnowsSilence);
    }

    [Fact]
    public void Run_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        using var speech = SpeechModel.Load(ModelFiles.Find(toy.Run, []));
        var transcriber = new StreamTranscriber(speech, EndpointOptions.KaldiRules);
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => transcriber.Run(AudioFeed.OpenRaw(new MemoryStream(new byte[10]), "some", 16000), stop.Token).ToList());
    }

    private List<StreamEvent> Follow(string file, int piece, IReadOnlyList<EndpointRule> rules)
    {
        using var speech = SpeechModel.Load(ModelFiles.Find(toy.Run, []));
        var audio = AudioFeed.OpenWave(new PieceStream(File.ReadAllBytes(file), piece), file);
        return [.. new StreamTranscriber(speech, rules).Run(audio)];
    }

    private static string Description(StreamEvent change) =>
        $"{change.IsFinal} {change.Rule} {change.Segment.Start} {change.Segment.End} {string.Join('|', change.Segment.Words)}";

    private static (string Text, double Start, double End, double Confidence) Rounded(TranscribedWord word) =>
        (word.Text, Math.Round(word.Start, 2), Math.Round(word.End, 2), Math.Round(word.Confidence, 2));
}
