using Mimir.Base;
using Mimir.Kaldi.Data;

namespace Mimir.Kaldi.Tests.Data;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("corpora/digits", "data/train", 900)]
    [InlineData("corpora/aishell-sample", "train", 760)]
    [InlineData("corpora/aishell-sample", "dev", 80)]
    [InlineData("corpora/aishell-sample", "test", 80)]
    [InlineData("corpora/digits", "data/test", 120)]
    [InlineData("corpora/digits", "data/test_noisy", 120)]
    public void Load_of_corpora_finds_every_file(string root, string path, int count)
    {
        root = SharedData.At(root);

        var data = DataDirectory.Load(Path.Combine(root, path), root);

        Assert.Equal(count, data.Utterances.Count);
        Assert.All(data.Utterances, utterance => Assert.True(File.Exists(utterance.Audio)));
        Assert.All(data.Utterances, utterance => Assert.NotNull(utterance.Text));
    }

    [Fact]
    public void Load_joins_the_files()
    {
        _folder.Write("wav.scp", "r1 audio/r1.flac\nr2 flac -c -d -s audio/r2.flac |\nr3 sph2pipe -f wav r3.sph |\n");
        _folder.Write("segments", "b r1 0.5 1.25\na r2 0 -1 1\nc r3 1 2\n");
        _folder.Write("utt2spk", "a s1\nb s2\nc s1\n");
        _folder.Write("spk2utt", "s1 a c\ns2 b\n");
        _folder.Write("spk2gender", "s1 f\n");
        _folder.Write("text", "a one two\nb\nc three\n");

        var data = DataDirectory.Load(_folder.Path, "/root");

        Assert.Equal(
            [
                new Utterance("b", "s2", "/root/audio/r1.flac", 0.5, 1.25, "") { Recording = "r1" },
                new Utterance("a", "s1", "/root/audio/r2.flac", 0, null, "one two") { Recording = "r2", Channel = 1 },
                new Utterance("c", "s1", "sph2pipe -f wav r3.sph |", 1, 2, "three") { Recording = "r3" },
            ],
            data.Utterances);
        Assert.Equal("f", data.Genders["s1"]);
    }

    [Theory]
    [InlineData("flac -c -d -s a/b.flac |", "/r/a/b.flac")]
    [InlineData("/usr/bin/flac -cds /a.flac|", "/a.flac")]
    [InlineData("flac -c -d -s --skip=100 a.flac |", "flac -c -d -s --skip=100 a.flac |")]
    [InlineData("flac -c -d -s a.flac | sox - - |", "flac -c -d -s a.flac | sox - - |")]
    [InlineData("a b.wav", "/r/a b.wav")]
    public void Load_reads_plain_flac_commands_directly(string audio, string resolved)
    {
        _folder.Write("wav.scp", $"u {audio}\n");

        Assert.Equal(resolved, DataDirectory.Load(_folder.Path, "/r").Utterances[0].Audio);
    }

    [Fact]
    public void Load_of_audio_alone_makes_each_utterance_a_speaker()
    {
        _folder.Write("wav.scp", "b x.wav\na /abs/y.wav\n");

        var data = DataDirectory.Load(_folder.Path, "/root", ["a"]);

        Assert.Equal(new Utterance("a", "a", "/abs/y.wav", null, null, null), Assert.Single(data.Utterances));
    }

    [Theory]
    [InlineData("wav.scp", "a x\nb y\na z\n", "wav.scp:3: 'a' comes twice, first in line 1")]
    [InlineData("wav.scp", "a x\nb\n", "wav.scp:2: expected 'recording path'")]
    [InlineData("utt2spk", "a s\n", "wav.scp:2: utterance 'b' has no speaker")]
    [InlineData("utt2spk", "a s\nb s\nc s\n", "utt2spk:3: utterance 'c' is not in")]
    [InlineData("text", "a one\n", "wav.scp:2: utterance 'b' has no line")]
    [InlineData("text", "a one\nb two\nc three\n", "text:3: utterance 'c' is not in")]
    [InlineData("segments", "a a 0 1\nb q 0 1\n", "segments:2: recording 'q' is not in")]
    [InlineData("segments", "a a 0 1\nb b 2 1\n", "segments:2: expected 'utterance recording start end'")]
    [InlineData("spk2gender", "s x\n", "spk2gender:1: expected m or f")]
    public void Load_of_inconsistent_files_names_the_line(string file, string content, string message)
    {
        _folder.Write("wav.scp", "a x\nb y\n");
        _folder.Write(file, content);

        var error = Assert.Throws<InputException>(() => DataDirectory.Load(_folder.Path));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_speakers_that_disagree_names_the_line()
    {
        _folder.Write("wav.scp", "a x\nb y\n");
        _folder.Write("utt2spk", "a s\nb s\n");
        _folder.Write("spk2utt", "s a\nt b\n");

        var error = Assert.Throws<InputException>(() => DataDirectory.Load(_folder.Path));
        Assert.Contains("utt2spk:2: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_of_a_list_with_strangers_names_one()
    {
        _folder.Write("wav.scp", "a x\n");

        var error = Assert.Throws<InputException>(() => DataDirectory.Load(_folder.Path, null, ["z"]));
        Assert.Contains("'z'", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => DataDirectory.Load(Directory.CreateDirectory(_folder.At("empty")).FullName));
    }
}
