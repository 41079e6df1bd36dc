using Mimir.Cli.Tests.Support;
using Mimir.Features.Audio;

namespace Mimir.Cli.Tests;

/// <summary>Programs on a machine without libsndfile.</summary>
public sealed class MissingLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public MissingLibraryTests() =>
        SoundFile.WriteWav(_folder.At("a.wav"), [.. Enumerable.Range(0, 4000).Select(i => (short)(i * 7919))], 16000);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wav_is_read_and_written_from_files_archives_and_pipes()
    {
        _folder.Write("wav.scp", "file a.wav\npipe cat a.wav |\n");

        var copies = await RunAsync("kaldi", "--allow-pipes", "wav-copy", "scp:wav.scp", "ark,scp:copies.ark,copies.scp");
        var features = await RunAsync("kaldi", "compute-fbank-feats", "--dither=0", "scp:copies.scp", "ark,t:feats.txt");
        var durations = await RunAsync("kaldi", "wav-to-duration", "ark:copies.ark", "ark,t:durations.txt");

        Assert.All([copies, features, durations], outcome => outcome.Succeeded());
        Assert.Equal(["file 0.25 ", "pipe 0.25 "], File.ReadAllLines(_folder.At("durations.txt")));
        Assert.StartsWith("file  [", File.ReadAllText(_folder.At("feats.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_audio_says_what_to_install()
    {
        File.WriteAllBytes(_folder.At("a.flac"), [.. "fLaC"u8, .. new byte[100]]);
        _folder.Write("wav.scp", "a a.flac\n");

        var outcome = await RunAsync("kaldi", "compute-fbank-feats", "scp:wav.scp", "ark:-");

        Assert.Equal(255, outcome.ExitCode);
        var error = Assert.Single(outcome.Errors.Split('\n'), line => line.StartsWith("ERROR", StringComparison.Ordinal));
        Assert.Contains("wav.scp:1: a.flac: this audio needs libsndfile", error, StringComparison.Ordinal);
        Assert.Contains("apt-get install libsndfile1", error, StringComparison.Ordinal);
        Assert.Contains("at '/none/libsndfile.so' (MIMIR_LIBSNDFILE)", error, StringComparison.Ordinal);
    }

    // What loads the library takes this path only.
    private async Task<MimirProcess.Outcome> RunAsync(params string[] arguments)
    {
        var variables = new Dictionary<string, string> { ["MIMIR_LIBSNDFILE"] = "/none/libsndfile.so" };
        using var process = MimirProcess.StartIn(_folder.Path, variables, arguments);
        return await MimirProcess.EndOfAsync(process);
    }
}
