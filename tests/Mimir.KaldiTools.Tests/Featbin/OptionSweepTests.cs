using System.Text.Json;
using Mimir.Features.Audio;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Featbin;

public sealed class OptionSweepTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [SharedDataTheory]
    [InlineData("compute-fbank-feats", 78)]
    [InlineData("compute-mfcc-feats", 116)]
    [InlineData("compute-spectrogram-feats", 105)]
    public void Run_with_random_options_agrees_with_Kaldi(string tool, int count)
    {
        var cases = File.ReadLines(Shared("cases.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(c => c.GetProperty("tool").GetString() == tool).ToList();
        var difference = new Difference();

        foreach (var golden in cases)
        {
            var ark = golden.GetProperty("ark").GetString()!;
            var key = Tables(ark);
            var options = golden.GetProperty("options").EnumerateArray().Select(o => o.GetString()!).ToArray();
            var wave = Shared(golden.GetProperty("wav").GetString()!);
            var scp = _folder.Write("wav.scp", $"{key} {wave}\n");
            var run = ToolRun.Of(tool, [.. options, $"scp:{scp}", $"ark:{_folder.At(ark)}"]);

            if (run.Status != 0)
                difference.Wrong($"{ark}: {run.Errors}");
            else
                difference.Compare(
                    ark, $"ark:{_folder.At(ark)}", $"ark:{Shared(ark)}", _ => golden.GetProperty("tolerance").GetDouble(), 1e-5,
                    _ => PlainFeatures.OfCommand([tool, .. options], SoundFile.Read(wave)));
        }

        KaldiAgreement.Record(
            console.WriteLine, tool, "goldens/kaldi-option-sweep", cases.Count, difference.Values, difference.Largest.Value,
            "1e-3 + 1e-5 |x|" + (difference.Noisy > 0 ? $", {difference.Noisy} times of the exact value" : ""),
            $"{difference.Largest.Place}; {difference.Noisy} where Kaldi errs", difference.Largest.Wanted);
        Assert.Equal(count, cases.Count);
        difference.AssertNone();
    }

    public void Dispose() => _folder.Dispose();

    private static string Shared(string name) => SharedData.At($"goldens/kaldi-option-sweep/{name}");

    private static string Tables(string ark) => Mimir.Kaldi.Tables.KaldiTables.Matrix.Read($"ark:{Shared(ark)}").Single().Key;
}
