using System.Text.RegularExpressions;
using Mimir.Features.Audio;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Featbin;

/// <summary>
/// Runs each command line of Kaldi's in <c>features/commands.txt</c> whose program is here and whose output was
/// kept.
/// </summary>
public sealed partial class FeatureGoldenTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SharedDataTheory]
    [InlineData("compute-fbank-feats", 57)]
    [InlineData("compute-mfcc-feats", 93)]
    [InlineData("compute-plp-feats", 73)]
    [InlineData("compute-spectrogram-feats", 17)]
    [InlineData("add-deltas", 3)]
    [InlineData("apply-cmvn", 5)]
    [InlineData("splice-feats", 2)]
    [InlineData("compute-kaldi-pitch-feats", 18)]
    [InlineData("process-kaldi-pitch-feats", 12)]
    public void Run_of_every_command_agrees_with_Kaldi(string tool, int count)
    {
        var difference = new Difference();
        var compared = 0;

        var failures = File.ReadLines(Shared("failures.txt")).Select(line => line.Split(' ', 2)[1]).ToHashSet();
        foreach (var line in File.ReadLines(Shared("commands.txt")).Where(line => line.StartsWith(tool + " ", StringComparison.Ordinal)))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var golden = Golden(words[^1]);
            if (golden is null || failures.Contains(line))
                continue;

            var got = _folder.At($"{compared++}.ark");
            var run = ToolRun.Of(tool, [.. words[1..^1].Select(Absolute), $"ark:{got}"]);

            if (run.Status != 0)
                difference.Wrong($"{line}: {run.Errors}");
            else
                difference.Compare(
                    Path.GetFileName(golden), $"ark:{got}", $"ark:{golden}", key => Tolerance(words, key), 1e-4, key => Exact(words, key));
        }

        KaldiAgreement.Record(
            console.WriteLine, tool, "goldens/kaldi/features", compared, difference.Values, difference.Largest.Value, Allowed(tool),
            $"{difference.Largest.Place}; {difference.Noisy} where Kaldi errs", difference.Largest.Wanted);
        difference.AssertNone();
        Assert.Equal(count, compared);
    }

    [SharedDataFact]
    public void Run_that_makes_nothing_ends_with_status_1()
    {
        var run = ToolRun.Of(
            "compute-mfcc-feats", "--sample-frequency=44100", "--dither=0", "--min-duration=0.4", Absolute("scp:wav44k.scp"),
            $"ark:{_folder.At("none.ark")}");

        Assert.Equal(1, run.Status);
        Assert.Contains("WARNING (compute-mfcc-feats) File: f44k is too short", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"(?<==|^)(ark|scp)(,t)?:(.+)$")]
    private static partial Regex Table();

    private static string Allowed(string tool) => tool switch
    {
        "compute-mfcc-feats" => "1e-3 + 1e-4 |x|, for two waves with empty upper bands 0.005 and 0.03; or that of the exact value",
        "compute-fbank-feats" => "1e-3 + 1e-4 |x|, for a wave with empty upper bands 0.01; or that of the exact value",
        "compute-spectrogram-feats" => "1e-3 + 1e-4 |x|, or that of the exact value",
        _ => "1e-3 + 1e-4 |x|",
    };

    // The upper bands of these waves are nearly empty: what single precision finds there, Kaldi's as ours, is rounding noise
    // of the transform. Everything else agrees to 1e-3 + 1e-4 |x| with Kaldi, or, where Kaldi rounds more, with the exact
    // value: spectra and filters without logarithm are computed in double precision.
    private static double Tolerance(string[] words, string key) => (key, words[0]) switch
    {
        ("e16k", "compute-mfcc-feats") => 0.03,
        ("d16k", "compute-mfcc-feats") => 0.005,
        ("e16k", "compute-fbank-feats") => 0.01,
        _ => 1e-3,
    };

    private static double[][]? Exact(string[] words, string key) =>
        words[0].StartsWith("compute-", StringComparison.Ordinal) && !words[0].Contains("pitch", StringComparison.Ordinal)
            ? PlainFeatures.OfCommand(words, SoundFile.Read(Shared($"wav/{key}.wav"))) : null;

    private static string Shared(string name) => SharedData.At($"goldens/kaldi/features/{name}");

    private static string? Golden(string wspecifier)
    {
        var path = Shared(wspecifier[(wspecifier.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return File.Exists(path) && new FileInfo(path).Length > 0 ? path : File.Exists(path + ".gz") ? path + ".gz" : null;
    }

    private string Absolute(string word)
    {
        if (word.StartsWith("post/", StringComparison.Ordinal))
            return Shared(word);

        var table = Table().Match(word);
        if (!table.Success)
            return word;

        var path = Shared(table.Groups[3].Value);
        if (table.Groups[1].Value == "scp")
            path = _folder.Write(
                Path.GetFileName(path), string.Concat(File.ReadLines(path).Select(l => $"{l.Split(' ')[0]} {Shared(l.Split(' ')[1])}\n")));

        else if (!File.Exists(path) && File.Exists(path + ".gz"))
            path += ".gz";

        return word[..table.Groups[3].Index] + path;
    }
}
