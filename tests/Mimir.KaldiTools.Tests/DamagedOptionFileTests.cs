using Mimir.Base;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests;

public sealed class DamagedOptionFileTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_options() => Try(
        "options", "--num-mel-bins=40 # comment\n--use-energy=false\n--window-type=hamming\n"u8.ToArray(), path =>
        {
            var run = ToolRun.Of("compute-fbank-feats", $"--config={path}", $"scp:{_folder.Write("none", "")}", $"ark:{_folder.At("o")}");
            if (run.Status == 255)
                throw new InputException(run.Errors);
        },
        needsPlace: false);

    private void Try(string format, byte[] whole, Action<string> read, bool needsPlace = true) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, needsPlace: needsPlace)}");
}
