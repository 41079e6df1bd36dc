using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class WaveToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("u r 0.25 0.5", 25, 25)]
    [InlineData("u r 0.25 -1", 25, 75)]
    [InlineData("u r 0.25 1.4", 25, 75)]
    [InlineData("u r 0.254 0.506", 25, 26)]
    [InlineData("u r 0.5 0.7 0", 50, 20)]
    public void Extract_cuts_by_rounded_times(string line, int first, int count)
    {
        var run = Extract(line);

        Assert.True(run.Status == 0, run.Errors);
        var clip = AudioTable.Read($"ark:{_folder.Write("o", run.Output)}").Single();
        Assert.Equal("u", clip.Key);
        Assert.Equal(Enumerable.Range(first, count).Select(i => (float)i), clip.Load().Channel(0).ToArray());
        Assert.Contains("Successfully processed 1 lines out of 1 in the segments file.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("u r 0.25", "Invalid line in segments file: u r 0.25")]
    [InlineData("u r x 1", "[bad start]")]
    [InlineData("u r 0 x", "[bad end]")]
    [InlineData("u r 0.5 0.25", "[empty or invalid segment]")]
    [InlineData("u r -1 0.25", "[empty or invalid segment]")]
    [InlineData("u r 0 1 -2", "[bad channel]")]
    [InlineData("u r 0 1 3", "Invalid channel 3 >= 1. Skipping segment u")]
    [InlineData("u q 0 1", "Could not find recording q, skipping segment u")]
    [InlineData("u r 1.1 1.2", "Segment start is out of file data range [0, 1s]")]
    [InlineData("u r 0 1.6", "Segment end is too far out of file data range [0,1s]")]
    [InlineData("u r 0.5 0.55", "Segment u too short, skipping it.")]
    public void Extract_tells_what_it_leaves_out(string line, string message)
    {
        var run = Extract(line);

        Assert.Equal(0, run.Status);
        Assert.Contains($"WARNING (extract-segments) ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Extract_of_several_channels_needs_one_named()
    {
        SoundFile.WriteWav(_folder.At("s.wav"), [1, -1, 2, -2, 3, -3, 4, -4], 10, channels: 2);
        var script = _folder.Write("wav.scp", $"r {_folder.At("s.wav")}\n");

        var named = ToolRun.Of("extract-segments", $"scp:{script}", _folder.Write("a", "u r 0.1 0.3 1\n"), "ark:-");
        var unnamed = ToolRun.Of("extract-segments", $"scp:{script}", _folder.Write("b", "u r 0.1 0.3\n"), "ark:-");

        Assert.Equal([-2f, -3f], AudioTable.Read($"ark:{_folder.Write("o", named.Output)}").Single().Load().Channel(0).ToArray());
        Assert.Equal(255, unnamed.Status);
        Assert.Contains("expected a channel at the end of the line", unnamed.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compute-fbank-feats")]
    [InlineData("compute-kaldi-pitch-feats")]
    [InlineData("wav-copy")]
    [InlineData("wav-to-duration")]
    public void A_recording_that_is_cut_off_is_used_with_a_warning(string tool)
    {
        var cut = _folder.Write("cut.wav", WaveBytes.Of(WaveBytes.Pcm, 16, 1, new byte[32_000], dataSize: 64_000, rate: 16000));
        var script = _folder.Write("cut.scp", $"cut {cut}\n");

        var run = ToolRun.Of(tool, $"scp:{script}", "ark:-");

        Assert.Equal(0, run.Status);
        Assert.Contains(
            $"WARNING ({tool}) {cut}: expected 64000 bytes of wave data, but read only 32000 bytes.", run.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public void A_segment_of_a_recording_that_is_cut_off_comes_with_a_warning()
    {
        var cut = _folder.Write("cut.wav", WaveBytes.Of(WaveBytes.Pcm, 16, 1, new byte[32_000], dataSize: 64_000, rate: 16000));

        var segments = ToolRun.Of(
            "extract-segments", $"scp:{_folder.Write("cut.scp", $"r {cut}\n")}", _folder.Write("s", "u r 0 0.5\nv r 0.5 1\n"), "ark:-");
        var copy = ToolRun.Of("wav-copy", cut, _folder.At("copy.wav"));
        var loud = ToolRun.Of("wav-reverberate", cut, _folder.At("loud.wav"));

        Assert.All([segments, copy, loud], run => Assert.Equal(0, run.Status));
        Assert.All(
            [segments, copy, loud],
            run => Assert.Single(run.Errors.Split('\n'), line => line.Contains("Truncated file?", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("wav-copy")]
    [InlineData("wav-to-duration")]
    public void A_recording_that_cannot_be_read_stops_the_program_or_is_left_out(string tool)
    {
        Wave();
        var none = _folder.Write("none.wav", WaveBytes.Of(WaveBytes.Pcm, 16, 1, []));
        var script = _folder.Write("some.scp", $"a {none}\nb {_folder.At("r.wav")}\nc {_folder.At("missing.wav")}\n");

        var strict = ToolRun.Of(tool, $"scp:{script}", "ark:-");
        var permissive = ToolRun.Of(tool, $"scp,p:{script}", "ark:-");

        Assert.Equal((255, 0), (strict.Status, permissive.Status));
        Assert.Contains($"ERROR ({tool}) {script}:1: {none}: the recording has no samples", strict.Errors, StringComparison.Ordinal);
        Assert.Contains($"WARNING ({tool}) {script}:1: {none}: the recording has no samples", permissive.Errors, StringComparison.Ordinal);
        Assert.Contains($"WARNING ({tool}) {script}:3: {_folder.At("missing.wav")}", permissive.Errors, StringComparison.Ordinal);
        Assert.Equal("b "u8.ToArray(), permissive.Output[..2]);
    }

    [Fact]
    public void Copy_of_a_wave_gives_the_same_bytes()
    {
        Wave();

        var file = ToolRun.Of("wav-copy", _folder.At("r.wav"), _folder.At("c.wav"));
        var table = ToolRun.Of("wav-copy", $"scp:{_folder.At("wav.scp")}", "ark:-");
        var round = ToolRun.Of("wav-copy", new MemoryStream(table.Output), "ark:-", "ark:-");

        Assert.Equal((0, 0, 0), (file.Status, table.Status, round.Status));
        Assert.Equal(File.ReadAllBytes(_folder.At("r.wav")), File.ReadAllBytes(_folder.At("c.wav")));
        Assert.Equal([(byte)'r', (byte)' ', .. File.ReadAllBytes(_folder.At("r.wav"))], table.Output);
        Assert.Equal(table.Output, round.Output);
        Assert.Equal(255, ToolRun.Of("wav-copy", _folder.At("r.wav"), "ark:-").Status);
        Assert.Equal(255, ToolRun.Of("wav-copy", $"scp:{_folder.At("wav.scp")}", "ark,t:-").Status);
    }

    [Theory]
    [InlineData("scp", "--read-entire-file=false")]
    [InlineData("scp", "--read-entire-file=true")]
    [InlineData("ark", "--read-entire-file=false")]
    public void Duration_is_in_seconds(string kind, string option)
    {
        Wave();
        var archive = _folder.Write("a", ToolRun.Of("wav-copy", $"scp:{_folder.At("wav.scp")}", "ark:-").Output);

        var run = ToolRun.Of("wav-to-duration", option, kind == "scp" ? $"scp:{_folder.At("wav.scp")}" : $"ark:{archive}", "ark,t:-");

        Assert.Equal("r 1 \n", System.Text.Encoding.ASCII.GetString(run.Output));
        Assert.Contains("Mean duration was 1, min and max durations were 1, 1", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mfcc", "", 6 + 64)]
    [InlineData("mfcc", "--use-energy=false", 6 + 8192)]
    [InlineData("fbank", "", 7 + 8192)]
    [InlineData("fbank", "--use-energy=true", 7 + 64)]
    [InlineData("plp", "", 11 + 8192)]
    [InlineData("spectrogram", "--frame-shift=5", 7 + 8192)]
    public void Features_in_HTKs_format_have_the_values_of_Kaldis(string kind, string option, int sampleKind)
    {
        SoundFile.WriteWav(_folder.At("r.wav"), [.. Enumerable.Range(0, 800).Select(i => (short)(i * 7 % 1000))], 8000);
        var script = _folder.Write("wav.scp", $"r {_folder.At("r.wav")}\n");
        string[] options = [.. option.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--sample-frequency=8000", "--dither=0"];

        var htk = ToolRun.Of($"compute-{kind}-feats", [.. options, "--output-format=htk", $"scp:{script}", $"ark:{_folder.At("h")}"]);
        var kaldi = ToolRun.Of($"compute-{kind}-feats", [.. options, $"scp:{script}", $"ark:{_folder.At("k")}"]);

        Assert.True(htk.Status == 0 && kaldi.Status == 0, htk.Errors + kaldi.Errors);
        Assert.Equal(
            KaldiTables.Matrix.Read($"ark:{_folder.At("k")}").Single().Value.Data,
            KaldiTables.Htk.Read($"ark:{_folder.At("h")}").Single().Value.Data);
        var head = File.ReadAllBytes(_folder.At("h"))[2..14];
        Assert.Equal(sampleKind, (head[10] << 8) + head[11]);
        Assert.Equal(kind == "spectrogram" ? 50_000 : 100_000, (head[4] << 24) + (head[5] << 16) + (head[6] << 8) + head[7]);
    }

    private void Wave()
    {
        SoundFile.WriteWav(_folder.At("r.wav"), [.. Enumerable.Range(0, 100).Select(i => (short)i)], 100);
        _folder.Write("wav.scp", $"r {_folder.At("r.wav")}\n");
    }

    private ToolRun Extract(string line)
    {
        Wave();
        return ToolRun.Of("extract-segments", $"scp:{_folder.At("wav.scp")}", _folder.Write("segments", line + "\n"), "ark:-");
    }
}
