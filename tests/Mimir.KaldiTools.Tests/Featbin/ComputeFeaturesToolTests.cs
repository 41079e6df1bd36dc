using System.Text;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class ComputeFeaturesToolTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_reads_waves_from_an_archive_as_from_files()
    {
        var (a, b) = (Wave("a.wav", 3000), Wave("b.wav", 4001));
        using var archive = new MemoryStream();
        foreach (var (key, path) in new[] { ("a", a), ("b", b) })
        {
            archive.Write(Encoding.UTF8.GetBytes(key + " "));
            archive.Write(File.ReadAllBytes(path));
        }

        var scp = _folder.Write("wav.scp", $"a {a}\nb {b}\n");
        archive.Position = 0;

        var files = ToolRun.Of("compute-fbank-feats", "--dither=0", $"scp:{scp}", "ark,t:-");
        var stream = ToolRun.Of("compute-fbank-feats", archive, "--dither=0", "ark:-", "ark,t:-");

        Assert.Equal(0, files.Status);
        Assert.Equal(files.Output, stream.Output);
        Assert.Contains("LOG (compute-fbank-feats)  Done 2 out of 2 utterances.", stream.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_reads_a_wave_at_an_offset_and_one_whose_length_is_unknown()
    {
        var bytes = File.ReadAllBytes(Wave("a.wav", 3000));
        var whole = _folder.Write("whole.scp", $"a {_folder.At("a.wav")}\n");
        bytes.AsSpan(4, 4).Fill(0xFF);
        bytes.AsSpan(40, 4).Fill(0xFF);
        var inside = _folder.Write("inside.scp", $"a {_folder.Write("x.ark", [.. "key "u8, .. bytes])}:4\n");

        var expected = ToolRun.Of("compute-mfcc-feats", "--dither=0", $"scp:{whole}", "ark,t:-");
        var run = ToolRun.Of("compute-mfcc-feats", "--dither=0", $"scp:{inside}", "ark,t:-");

        Assert.Equal(0, run.Status);
        Assert.Equal(expected.Output, run.Output);
    }

    [Fact]
    public void Run_with_dither_gives_the_same_bytes_each_time_and_other_noise_for_each_utterance()
    {
        var wave = Wave("a.wav", 3000);
        var scp = _folder.Write("wav.scp", $"a {wave}\nb {wave}\n");

        var first = ToolRun.Of("compute-fbank-feats", $"scp:{scp}", $"ark:{_folder.At("1.ark")}");
        var second = ToolRun.Of("compute-fbank-feats", $"scp:{scp}", $"ark:{_folder.At("2.ark")}");

        Assert.Equal((0, 0), (first.Status, second.Status));
        Assert.Equal(File.ReadAllBytes(_folder.At("1.ark")), File.ReadAllBytes(_folder.At("2.ark")));
        var table = KaldiTables.Matrix.Read($"ark:{_folder.At("1.ark")}").ToDictionary();
        Assert.NotEqual(table["a"].Data, table["b"].Data);
    }

    [Fact]
    public void Run_reads_options_from_a_file_that_the_command_line_overrides()
    {
        var config = _folder.Write("fbank.conf", "--num-mel-bins=30\n--dither=0 # repeatable\n--snip-edges=false\n");
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 1600)}\n");

        var run = ToolRun.Of("compute-fbank-feats", $"--config={config}", "--num-mel-bins=25", $"scp:{scp}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal(0, run.Status);
        var features = KaldiTables.Matrix.Read($"ark:{_folder.At("o.ark")}").Single().Value;
        Assert.Equal((10, 25), (features.Rows, features.Columns));
    }

    [Fact]
    public void Run_on_a_wrong_rate_warns_and_fails_when_nothing_is_left()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 1600)}\n");

        var run = ToolRun.Of("compute-fbank-feats", "--sample-frequency=8000", $"scp:{scp}", "ark:-");

        Assert.Equal(1, run.Status);
        Assert.Contains("Failed to compute features for utterance a", run.Errors, StringComparison.Ordinal);
        Assert.Contains("expected sample-frequency 8000 Hz, the audio has 16000 Hz", run.Errors, StringComparison.Ordinal);
        Assert.Contains("allow-downsample", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_on_a_missing_file_names_the_line_and_leaves_no_archive()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 1600)}\nb {_folder.At("gone.wav")}\n");

        var run = ToolRun.Of("compute-fbank-feats", $"scp:{scp}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal(255, run.Status);
        Assert.Contains(
            $"ERROR (compute-fbank-feats) {scp}:2: {_folder.At("gone.wav")}: no such audio file", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path, "o.ark*"));
    }

    [Fact]
    public void Run_with_a_permissive_script_passes_over_a_missing_file()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 1600)}\nb {_folder.At("gone.wav")}\n");

        var run = ToolRun.Of("compute-fbank-feats", $"scp,p:{scp}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal(0, run.Status);
        Assert.Contains("Done 1 out of 2 utterances", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_maps_warp_factors_through_speakers_and_warns_of_missing_ones()
    {
        var wave = Wave("a.wav", 1600);
        var scp = _folder.Write("wav.scp", $"a {wave}\nb {wave}\n");
        var warps = _folder.Write("warps", "s 0.9\n");
        var speakers = _folder.Write("utt2spk", "a s\nb t\n");

        var run = ToolRun.Of(
            "compute-fbank-feats", "--dither=0", $"--vtln-map=ark:{warps}", $"--utt2spk=ark:{speakers}", $"scp:{scp}",
            $"ark:{_folder.At("o.ark")}");
        var direct = ToolRun.Of(
            "compute-fbank-feats", "--dither=0", "--vtln-warp=0.9", $"scp:{_folder.Write("a.scp", $"a {wave}\n")}",
            $"ark:{_folder.At("d.ark")}");

        Assert.Equal((0, 0), (run.Status, direct.Status));
        Assert.Contains("No vtln-map entry for utterance-id (or speaker-id) b", run.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.At("d.ark")), File.ReadAllBytes(_folder.At("o.ark")));
    }

    [Theory]
    [InlineData("compute-fbank-feats")]
    [InlineData("compute-mfcc-feats")]
    [InlineData("compute-plp-feats")]
    [InlineData("compute-spectrogram-feats")]
    public void Run_takes_the_channel_that_is_asked_for_and_passes_over_what_is_too_short_or_has_none(string tool)
    {
        short[] left = [.. Enumerable.Range(0, 3200).Select(i => (short)(8000 * Math.Sin(i * i * 0.0003)))];
        short[] right = [.. Enumerable.Range(0, 3200).Select(i => (short)(5000 * Math.Sin(i * 0.2)))];
        SoundFile.WriteWav(
            _folder.At("two.wav"), [.. left.Zip(right).SelectMany(pair => new[] { pair.First, pair.Second })], 16000, channels: 2);
        SoundFile.WriteWav(_folder.At("right.wav"), right, 16000);
        var both = _folder.Write("both.scp", $"a {_folder.At("two.wav")}\nb {Wave("short.wav", 800)}\n");
        var one = _folder.Write("one.scp", $"a {_folder.At("right.wav")}\n");

        var run = ToolRun.Of(tool, "--dither=0", "--channel=1", $"scp:{both}", "ark,t:-");
        var tooShort = ToolRun.Of(tool, "--dither=0", "--channel=1", "--min-duration=0.1", $"scp:{both}", "ark,t:-");
        var expected = ToolRun.Of(tool, "--dither=0", $"scp:{one}", "ark,t:-");
        var none = ToolRun.Of(tool, "--channel=2", $"scp:{both}", "ark,t:-");

        Assert.Equal((0, 0, 1), (run.Status, tooShort.Status, none.Status));
        Assert.Equal(expected.Output, run.Output);
        Assert.Equal(expected.Output, tooShort.Output);
        Assert.Contains(
            "File with id b has 1 channels but you specified channel 1, producing no output.", run.Errors, StringComparison.Ordinal);
        Assert.Contains("File: b is too short (0.05 sec): producing no output.", tooShort.Errors, StringComparison.Ordinal);
        Assert.Contains("Done 0 out of 2 utterances", none.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_writes_durations()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 3586)}\n");

        ToolRun.Of("compute-fbank-feats", $"--write-utt2dur=ark,t:{_folder.At("utt2dur")}", $"scp:{scp}", $"ark:{_folder.At("o.ark")}");

        Assert.Equal("a 0.224125 \n", File.ReadAllText(_folder.At("utt2dur")));
    }

    [Theory]
    [InlineData("--num-mel-bin=3", 255, "the nearest is --num-mel-bins")]
    [InlineData("--num-mel-bins=x", 255, "expected a whole number, got 'x'")]
    [InlineData("--window-type=round", 255, "expected hanning, sine")]
    [InlineData("--num-mel-bins=2", 255, "num-mel-bins: expected 3 or more, got 2")]
    [InlineData("--num-mel-bins=300", 255, "is too many")]
    [InlineData("--high-freq=9000", 255, "expected 0 <= low < high <= 8000")]
    [InlineData("--frame-length=0", 255, "frame-length")]
    [InlineData("--output-format=sphinx", 255, "expected kaldi or htk")]
    [InlineData("--help", 0, "--num-mel-bins")]
    public void Run_with_an_option_says_what_is_meant(string option, int status, string message)
    {
        var run = ToolRun.Of("compute-fbank-feats", option, "scp:none.scp", "ark:-");

        Assert.Equal(status, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_with_too_few_arguments_prints_the_usage()
    {
        var run = ToolRun.Of("compute-mfcc-feats", "scp:wav.scp");

        Assert.Equal(1, run.Status);
        Assert.Contains("Usage: compute-mfcc-feats [options] <wav-rspecifier> <feats-wspecifier>", run.Errors, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("fbank")]
    [InlineData("mfcc")]
    public void Run_on_flac_of_the_corpus_agrees_with_Kaldi(string kind)
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        var want = KaldiTables.Matrix.Read($"ark:{corpus}/forward/{kind}.txt.gz").ToDictionary();
        var lines = File.ReadLines($"{corpus}/test/wav.scp").Select(line => line.Split(' ', 2)).Where(words => want.ContainsKey(words[0]));
        var scp = _folder.Write("wav.scp", string.Concat(lines.Select(words => $"{words[0]} {corpus}/{words[1]}\n")));

        var run = ToolRun.Of($"compute-{kind}-feats", $"--config={corpus}/conf/{kind}.conf", $"scp:{scp}", $"ark:{_folder.At("o.ark")}");

        var difference = new Difference();
        foreach (var (key, features) in KaldiTables.Matrix.Read($"ark:{_folder.At("o.ark")}"))
            difference.Compare(key, features, want[key], 1e-3, 1e-4);
        Assert.Equal(0, run.Status);
        Assert.True(difference.Values > 10_000);
        console.WriteLine($"{kind}: {difference.Values} values, largest difference {difference.Largest}");
        difference.AssertNone();
    }

    public void Dispose() => _folder.Dispose();

    private string Wave(string name, int length)
    {
        var samples = Enumerable.Range(0, length).Select(i => (short)(8000 * Math.Sin(i * i * 0.0003))).ToArray();
        SoundFile.WriteWav(_folder.At(name), samples, 16000);
        return _folder.At(name);
    }
}
