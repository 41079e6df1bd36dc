using System.Text.RegularExpressions;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Tests.Extraction;
using Mimir.Features.Tests.Support;
using Mimir.Features.Tests.Tables;
using Mimir.Tests.Support;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.KaldiTools;

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
                difference.Compare(Path.GetFileName(golden), $"ark:{got}", $"ark:{golden}", key => Tolerance(words, key), Relative(words), key => Exact(words, key));
        }

        KaldiAgreement.Record(console.WriteLine, tool, "goldens/kaldi/features", compared, difference.Values, difference.Largest.Value, "1e-3 + 1e-4 |x|", $"{difference.Largest.Place}; {difference.Noisy} where Kaldi errs");
        difference.AssertNone();
        Assert.Equal(count, compared);
    }

    [SharedDataFact]
    public void Run_that_makes_nothing_ends_with_status_1()
    {
        var run = ToolRun.Of(
            "compute-mfcc-feats", "--sample-frequency=44100", "--dither=0", "--min-duration=0.4", Absolute("scp:wav44k.scp"), $"ark:{_folder.At("none.ark")}");

        Assert.Equal(1, run.Status);
        Assert.Contains("WARNING (compute-mfcc-feats) File: f44k is too short", run.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"(?<==|^)(ark|scp)(,t)?:(.+)$")]
    private static partial Regex Table();

    private static double Tolerance(string[] words, string key) =>
        IsNoisy(key) || words.Contains("--allow-upsample=true") || IsSpectrumOfNoise(words, key) ? 0.03 : 1e-3;

    // Noise of 0.03 in a logarithm is 3% without it.
    private static double Relative(string[] words) => words.Contains("--use-log-fbank=false") ? 0.03 : 1e-4;

    // The upper bands of these two waves (and of waves brought up to another rate) are nearly empty: what Kaldi
    // finds there is rounding noise of its own transform.
    private static bool IsNoisy(string key) => key is "d16k" or "e16k";

    private static bool IsSpectrumOfNoise(string[] words, string key) =>
        words[0] == "compute-spectrogram-feats" && (key == "f44k" || words.Contains("--return-raw-fft=true"));

    private static double[][]? Exact(string[] words, string key)
    {
        if (!words[0].StartsWith("compute-", StringComparison.Ordinal))
            return null;

        var options = FeatureOptions.ForKind(words[0].Split('-')[1]);
        foreach (var word in words.Where(w => w.StartsWith("--", StringComparison.Ordinal) && !w.StartsWith("--vtln-warp", StringComparison.Ordinal)))
            options = FeatureOptionNames.Set(options, word[2..].Split('=')[0], word.Split('=')[1]);

        return PlainFeatures.Of(options, SoundFile.Read(Shared($"wav/{key}.wav")).Channel(0).ToArray());
    }

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
            path = _folder.Write(Path.GetFileName(path), string.Concat(File.ReadLines(path).Select(l => $"{l.Split(' ')[0]} {Shared(l.Split(' ')[1])}\n")));

        return word[..table.Groups[3].Index] + path;
    }
}
