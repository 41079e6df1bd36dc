using Mimir.Features.Audio;
using Mimir.Train.Packages;
using Mimir.Train.Reports;
using Mimir.Train.Tests.Packages;
using Mimir.Train.Transcription;

namespace Mimir.Train.Tests.Transcription;

[Collection(TranscribingToy.Name)]
public sealed class TranscriberTests(TranscribingToy toy)
{
    [Fact]
    public void Run_finds_the_words_of_short_recordings_in_their_order()
    {
        var sources = AudioSources.Find([toy.At("cv")]);

        var transcripts = TranscribingToy.Transcribe(toy.Run, sources);

        Assert.Equal(toy.Texts.Keys.Order(StringComparer.Ordinal), transcripts.Select(transcript => transcript.Id));
        var right = transcripts.Count(transcript => Words(transcript) == toy.Texts[transcript.Id]);
        Assert.InRange(right, 9, 10);
        foreach (var transcript in transcripts)
        {
            var segment = Assert.Single(transcript.Segments);
            Assert.Equal((0, transcript.Duration), (segment.Start, segment.End));
            AssertOrdered(segment);
        }
    }

    [Fact]
    public void Run_does_not_depend_on_threads()
    {
        var sources = AudioSources.Find([toy.At("cv"), toy.WriteLong("threads.wav", 6, silence: 1)]);
        var options = new TranscriberOptions { Segments = new() { MaxSegment = 1.5 } };

        var one = TranscribingToy.Transcribe(toy.Run, sources, options with { Threads = 1 });
        var many = TranscribingToy.Transcribe(toy.Run, sources, options with { Threads = 5 });

        Assert.Equal(one.Select(TranscriptFormats.ToCtm), many.Select(TranscriptFormats.ToCtm));
    }

    [Fact]
    public void Run_cuts_a_long_recording_at_its_silences()
    {
        var file = toy.WriteLong("long.wav", 6, silence: 1);

        var transcript = Assert.Single(TranscribingToy.Transcribe(
            toy.Run, AudioSources.Find([file]), new() { Segments = new() { MaxSegment = 1.5 } }));

        Assert.Equal(6, transcript.Segments.Count);
        var texts = toy.Texts.Values.Take(6).ToList();
        for (var i = 0; i < 6; i++)
        {
            Assert.Contains(texts[i], string.Join(' ', transcript.Segments[i].Words.Select(word => word.Text)), StringComparison.Ordinal);
            Assert.InRange(transcript.Segments[i].Start, i == 0 ? 0 : transcript.Segments[i - 1].End, transcript.Duration);
            AssertOrdered(transcript.Segments[i]);
        }
    }

    [Fact]
    public void Run_resamples_takes_the_channel_and_says_so_once()
    {
        var mono = SoundFile.Read(toy.At("cv/cv000.wav")).Channel(0).ToArray();
        short[] stereo = [.. mono.SelectMany(sample => new[] { (short)0, (short)sample })];
        foreach (var name in new[] { "s1.wav", "s2.wav" })
            SoundFile.WriteWav(toy.At(name), stereo, 16000, channels: 2);
        var (quick, said) = (toy.WriteLong("quick.wav", 1, silence: 0, rate: 48000), new List<string>());
        var names = AudioSources.Find([toy.At("s1.wav"), toy.At("s2.wav"), quick]);

        var first = TranscribingToy.Transcribe(toy.Run, names, said: said);
        var second = TranscribingToy.Transcribe(toy.Run, AudioSources.Find([toy.At("s1.wav")]), new() { Channel = 1 });

        Assert.Equal(toy.Texts["cv000"], Words(second[0]));
        Assert.Equal(1, second[0].Channel);
        Assert.NotEqual(toy.Texts["cv000"], Words(first[0]));
        Assert.Equal(2, said.Count);
        Assert.Contains("s1.wav: 2 channels, the first is taken", said[0], StringComparison.Ordinal);
        Assert.Contains("quick.wav: 48000 Hz is resampled to the model's 16000 Hz", said[1], StringComparison.Ordinal);
        Assert.Equal(toy.Texts["cv000"], Words(first[2]));
    }

    [Fact]
    public void Run_goes_on_behind_recordings_that_cannot_be_used()
    {
        File.WriteAllText(toy.At("text.wav"), "this is no audio");
        File.WriteAllBytes(toy.At("empty.flac"), []);
        SoundFile.WriteWav(toy.At("short.wav"), [1, 2, 3], 16000);
        var said = new List<string>();
        var names = new[] { "text.wav", "cv/cv000.wav", "none.wav", "empty.flac", "short.wav", "cv/cv001.wav" };

        var transcripts = TranscribingToy.Transcribe(toy.Run, AudioSources.Find([.. names.Select(toy.At)]), said: said);

        Assert.Equal(
            [true, false, true, true, false, false], transcripts.Select(transcript => transcript.Failure is not null));
        Assert.All([0, 2, 3], i => Assert.StartsWith(toy.At(names[i]), transcripts[i].Failure, StringComparison.Ordinal));
        Assert.Equal(toy.Texts["cv000"], Words(transcripts[1]));
        Assert.Equal(toy.Texts["cv001"], Words(transcripts[5]));
        Assert.Equal([$"{toy.At("short.wav")}: no speech was found"], said);
    }

    [Fact]
    public void Run_reads_standard_input_and_data_directories()
    {
        var options = new TranscriberOptions { StandardInput = () => File.OpenRead(toy.At("cv/cv002.wav")) };
        Directory.CreateDirectory(toy.At("segmented"));
        File.WriteAllText(toy.At("segmented/wav.scp"), $"rec {toy.WriteLong("rec.wav", 2, silence: 0.1)}\n");
        var length = new AudioInfo(SoundFile.Info(toy.At("cv/cv000.wav")).Frames, 1, 16000).Duration;
        File.WriteAllText(
            toy.At("segmented/segments"),
            FormattableString.Invariant($"u1 rec 0.1 {length + 0.1:0.###}\nu2 rec {length + 0.2:0.###} -1\n"));
        File.WriteAllText(toy.At("segmented/utt2spk"), "u1 s\nu2 s\n");

        var transcripts = TranscribingToy.Transcribe(toy.Run, AudioSources.Find(["-", toy.At("segmented")]), options);

        Assert.Equal(["stdin", "u1", "u2"], transcripts.Select(transcript => transcript.Id));
        Assert.Equal(toy.Texts["cv002"], Words(transcripts[0]));
        Assert.Equal(toy.Texts["cv000"], Words(transcripts[1]));
        Assert.StartsWith(toy.Texts["cv001"], Words(transcripts[2]), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_stops_when_it_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var speech = SpeechModel.Load(ModelFiles.Find(toy.Run, []));
        var transcriber = new Transcriber(speech, new(), SilentProgress.Instance, TimeProvider.System);

        Assert.ThrowsAny<OperationCanceledException>(() => transcriber.Run(AudioSources.Find([toy.At("cv")]), stop.Token).ToList());
    }

    private static string Words(Transcript transcript) => string.Join(' ', transcript.Words.Select(word => word.Text));

    private static void AssertOrdered(TranscribedSegment segment)
    {
        var time = segment.Start;
        foreach (var word in segment.Words)
        {
            Assert.InRange(word.Start, time - 1e-6, segment.End);
            Assert.InRange(word.End, word.Start, segment.End);
            Assert.InRange(word.Confidence, 0, 1);
            time = word.End;
        }
    }
}
