using Mimir.Base;
using Mimir.Train.Transcription;

namespace Mimir.Train.Tests.Transcription;

public sealed class AudioSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_takes_the_audio_below_a_folder_by_path_and_what_nobody_reads_too()
    {
        Directory.CreateDirectory(_folder.At("b"));
        foreach (var name in new[] { "z.wav", "notes.txt", "b/x y.FLAC", "b/talk.m4a" })
            _folder.Write(name, "");

        var found = AudioSources.Find([_folder.Path]);

        Assert.Equal(["b/talk", "b/x_y", "z"], found.Select(source => source.Id));
        Assert.Equal(3, found.DistinctBy(source => source.Speaker).Count());
        Assert.Equal(2, AudioSources.Find([_folder.Path], sameSpeaker: true).DistinctBy(source => source.Speaker).Count());
    }

    [Fact]
    public void Find_gives_every_recording_a_name_of_its_own()
    {
        var found = AudioSources.Find(["a.wav", "a.flac", "other/a.wav", "b.wav", "-"]);

        Assert.Equal(["a.wav", "a.flac", "a-2.wav", "b", "stdin"], found.Select(source => source.Id));
    }

    [Fact]
    public void Find_takes_the_utterances_of_a_data_directory()
    {
        _folder.Write("wav.scp", "r1 a.wav\n");
        _folder.Write("segments", "u1 r1 0.5 1.5\nu2 r1 2 3\n");
        _folder.Write("utt2spk", "u1 s\nu2 s\n");

        var found = AudioSources.Find([_folder.Path]);

        Assert.Equal([("u1", 0.5, 1.5), ("u2", 2, 3)], found.Select(source => (source.Id, source.Start ?? 0, source.End ?? 0)));
        Assert.All(found, source => Assert.True(source is { IsUtterance: true, Speaker: "speaker s" }));
    }

    [Fact]
    public void Find_refuses_a_folder_without_audio_and_standard_input_twice()
    {
        var empty = Assert.Throws<InputException>(() => AudioSources.Find([_folder.Path]));
        Assert.Contains("no audio", empty.Message, StringComparison.Ordinal);
        Assert.Contains("once", Assert.Throws<InputException>(() => AudioSources.Find(["-", "-"])).Message, StringComparison.Ordinal);
    }
}
