using Mimir.Cli.Tests.Support;
using Mimir.Features.Audio;

namespace Mimir.Cli.Tests;

/// <summary>libtorch has 460 MB and takes a quarter of a second to load: only programs that compute with tensors load it.</summary>
public sealed class TorchIsLoadedLateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TorchIsLoadedLateTests()
    {
        SoundFile.WriteWav(_folder.At("a.wav"), [.. Enumerable.Range(0, 4000).Select(i => (short)(i * 7919))], 16000);
        _folder.Write("wav.scp", "a a.wav\n");
        _folder.Write("feats.txt", "a  [\n  1 2\n  3 4 ]\n");
        _folder.Write("net.txt", "<Nnet>\n<AddShift> 2 2\n<LearnRateCoef> 0 [ 1 2 ]\n<!EndOfComponent>\n</Nnet>\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("train --help")]
    [InlineData("recipe keys")]
    [InlineData("kaldi compute-fbank-feats --help")]
    [InlineData("kaldi compute-fbank-feats scp:wav.scp ark:out.ark")]
    [InlineData("kaldi compute-cmvn-stats ark:feats.txt out.cmvn")]
    [InlineData("kaldi add-deltas ark:feats.txt ark:out.ark")]
    [InlineData("kaldi nnet-info net.txt")]
    [InlineData("kaldi nnet-copy net.txt out.nnet")]
    public async Task Programs_without_tensors_load_no_libtorch(string arguments)
    {
        var loaded = await LoadedAsync(arguments);

        Assert.Contains(loaded, line => line.Contains("libclrjit", StringComparison.Ordinal));
        Assert.DoesNotContain(loaded, IsTorch);
    }

    [Fact]
    public async Task Programs_with_tensors_load_it()
    {
        var loaded = await LoadedAsync("kaldi nnet-forward net.txt ark:feats.txt ark:out.ark");

        Assert.Contains(loaded, IsTorch);
    }

    private static bool IsTorch(string line) => line.Contains("torch", StringComparison.OrdinalIgnoreCase);

    // The loader of glibc writes down each file that it opens.
    private async Task<string[]> LoadedAsync(string arguments)
    {
        var variables = new Dictionary<string, string> { ["LD_DEBUG"] = "files", ["LD_DEBUG_OUTPUT"] = _folder.At("loader") };
        using var process = MimirProcess.StartIn(_folder.Path, variables, arguments.Split(' '));
        (await MimirProcess.EndOfAsync(process)).Succeeded();
        return [.. File.ReadAllLines(_folder.At($"loader.{process.Id}")).Where(line => line.Contains("file=", StringComparison.Ordinal))];
    }
}
