using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class PitchToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Run_of_both_steps_gives_what_the_joint_program_gives()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 0.6)}\nb {Wave("b.wav", 0.4)}\n");

        var pitch = ToolRun.Of("compute-kaldi-pitch-feats", $"scp:{scp}", $"ark:{_folder.At("pitch.ark")}");
        var post = ToolRun.Of(
            "process-kaldi-pitch-feats", "--add-raw-log-pitch=true", $"ark:{_folder.At("pitch.ark")}", $"ark:{_folder.At("two.ark")}");
        var joint = ToolRun.Of(
            "compute-and-process-kaldi-pitch-feats", "--add-raw-log-pitch=true", $"scp:{scp}", $"ark:{_folder.At("one.ark")}");

        Assert.Equal((0, 0, 0), (pitch.Status, post.Status, joint.Status));
        Assert.Contains("LOG (compute-kaldi-pitch-feats) Done 2 utterances, 0 with errors.", pitch.Errors, StringComparison.Ordinal);
        Assert.Contains("LOG (process-kaldi-pitch-feats) Post-processed pitch for 2 utterances.", post.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder.At("one.ark")), File.ReadAllBytes(_folder.At("two.ark")));
        Assert.Equal(4, KaldiTables.Matrix.Read($"ark:{_folder.At("one.ark")}").First().Value.Columns);
    }

    [Fact]
    public void Run_with_another_seed_gives_other_noise()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 0.4)}\n");
        ToolRun.Of("compute-kaldi-pitch-feats", $"scp:{scp}", $"ark:{_folder.At("pitch.ark")}");

        var runs = new[] { 0, 0, 1 }.Select(seed => Convert.ToHexString(
            ToolRun.Of("process-kaldi-pitch-feats", $"--srand={seed}", $"ark:{_folder.At("pitch.ark")}", "ark:-").Output)).ToArray();

        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    [Fact]
    public void Run_on_another_rate_ends_with_an_error()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 0.2)}\n");

        var run = ToolRun.Of("compute-kaldi-pitch-feats", "--sample-frequency=8000", $"scp:{scp}", "ark:-");

        Assert.Equal(255, run.Status);
        Assert.Contains("you specified 8000 but data has 16000 (use --sample-frequency option)", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_on_a_short_file_writes_an_empty_matrix()
    {
        var scp = _folder.Write("wav.scp", $"a {Wave("a.wav", 0.01)}\n");

        var run = ToolRun.Of("compute-kaldi-pitch-feats", $"scp:{scp}", "ark,t:-");

        Assert.Equal(0, run.Status);
        Assert.Contains("WARNING (compute-kaldi-pitch-feats) No frames output in pitch extraction", run.Errors, StringComparison.Ordinal);
        Assert.Equal("a  [ ]\n", System.Text.Encoding.UTF8.GetString(run.Output));
    }

    [Fact]
    public void Run_on_other_features_names_archive_and_utterance()
    {
        var text = _folder.Write("x.txt", "a  [\n  1 2 3 ]\n");

        var run = ToolRun.Of("process-kaldi-pitch-feats", $"ark:{text}", "ark:-");

        Assert.Equal(255, run.Status);
        Assert.Contains($"ark:{text}: utterance 'a': expected 2 values a frame", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compute-kaldi-pitch-feats", "--min-f=3", "the nearest is --min-f0")]
    [InlineData("compute-kaldi-pitch-feats", "--max-f0=20", "max-f0: expected min-f0")]
    [InlineData("compute-and-process-kaldi-pitch-feats", "--delta-window=0", "delta-window: expected 1 to 999")]
    public void Run_with_a_wrong_option_says_so(string tool, string option, string message)
    {
        var run = ToolRun.Of(tool, option, "scp:none.scp", "ark:-");

        Assert.Equal(255, run.Status);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Wave(string name, double seconds)
    {
        var wave = PitchWaves.Glide(16000, seconds, 100, 200);
        SoundFile.WriteWav(_folder.At(name), [.. wave.Select(x => (short)x)], 16000);
        return _folder.At(name);
    }
}
