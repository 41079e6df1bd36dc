using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>A limit of the system is named with what is needed, in one line and without a stack.</summary>
public sealed class LimitsTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Theory]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(255)]
    public async Task Too_few_open_files_are_named_before_anything_is_loaded(int files)
    {
        var outcome = await LimitedAsync($"ulimit -n {files}", "train", _corpus.Recipe);

        Assert.Equal(
            $"mimir: this process may have {files} files open at once (ulimit -n), and Mimir needs 256; raise the limit: "
            + "'ulimit -n 4096'\n",
            outcome.Errors);
        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
    }

    [Fact]
    public async Task Too_few_addresses_for_libtorch_are_named()
    {
        var outcome = await LimitedAsync("ulimit -v 3000000", "train", _corpus.Recipe);

        outcome.Refused("may have 2929 MiB of addresses", "needs 6144 MiB or more", "ulimit -v unlimited");
    }

    [Fact]
    public async Task Too_small_files_are_named_and_do_not_kill_the_process()
    {
        var outcome = await LimitedAsync(
            "ulimit -f 200; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0", "train", _corpus.Recipe, "--set",
            "model.0.affine.dim=300");

        outcome.Refused("may have 204800 bytes", "ulimit -f unlimited");
    }

    private async Task<MimirProcess.Outcome> LimitedAsync(string limit, params string[] arguments)
    {
        using var process = MimirProcess.StartOther(
            "bash", _corpus.Folder, ["-c", limit + "; exec dotnet \"$@\"", "bash", MimirProcess.Program, .. arguments]);
        return await MimirProcess.EndOfAsync(process);
    }
}
