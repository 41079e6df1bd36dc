using Mimir.Cli.Tests.Support;
using Mimir.Train.Checkpoints;

namespace Mimir.Cli.Tests;

/// <summary>What a machine or a bad rate does to a run leaves the last good state, from which it goes on.</summary>
public sealed class BadMachineTests : IDisposable
{
    // Its vectors are larger than the log may become, so that a limit on the size of files hits the checkpoints alone.
    private static readonly string[] Large = ["--set", "model.0.affine.dim=300", "--set", "train.schedule.constant.epochs=4"];

    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task A_disk_that_fills_up_leaves_the_checkpoint_before_and_the_run_goes_on()
    {
        string[] arguments = ["train", _corpus.Recipe, .. Large];
        using (var process = MimirProcess.Start(_corpus.Folder, arguments))
        {
            while (!process.HasExited && new CheckpointStore(_corpus.At("exp/checkpoints")).List().Count == 0)
                await Task.Delay(2);

            await MimirProcess.TerminateAsync(process);
            Assert.Equal(130, (await MimirProcess.EndOfAsync(process)).ExitCode);
        }

        var before = new CheckpointStore(_corpus.At("exp/checkpoints")).List();
        var full = await FullDiskAsync([.. arguments, "--set", "train.checkpoint.minutes=0.00001"]);
        var after = new CheckpointStore(_corpus.At("exp/checkpoints")).List();
        var leftovers = _corpus.Leftovers.ToList();
        var resumed = await MimirProcess.RunAsync(_corpus.Folder, arguments);

        full.Refused(_corpus.At("exp/checkpoints"), "could not be written", "Free some space");
        Assert.Equal(before, after);
        Assert.Empty(leftovers);
        resumed.Succeeded();
        Assert.Contains($"going on from epoch {before[^1].Epoch}, step {before[^1].Step}", resumed.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_that_breaks_the_network_is_named_and_the_last_checkpoint_is_sound()
    {
        var outcome = await MimirProcess.RunAsync(
            _corpus.Folder, "train", _corpus.Recipe, "--set", "train.optimiser.sgd.rate=1e37", "--set", "train.checkpoint.minutes=0.00001");

        outcome.Refused("learning rate of 1E+37", "Lower the rate", "train.optimiser");
        var warnings = new List<string>();
        var checkpoint = new CheckpointStore(_corpus.At("exp/checkpoints")).ReadNewest(warnings.Add);
        Assert.Empty(warnings);
        Assert.All(checkpoint!.Vectors["model"], value => Assert.True(float.IsFinite(value)));
        Assert.Empty(_corpus.Leftovers);
    }

    [Fact]
    public async Task A_model_whose_bytes_changed_is_not_decoded()
    {
        _corpus.WriteGraph();
        File.AppendAllText(_corpus.Recipe, _corpus.DecodeSection);
        (await MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe, "--no-decode")).Succeeded();
        var whole = await MimirProcess.RunAsync(_corpus.Folder, "decode", "run", _corpus.Recipe);
        var model = _corpus.At("exp/model/model.safetensors");
        var bytes = File.ReadAllBytes(model);
        bytes[^5] ^= 1;
        File.WriteAllBytes(model, bytes);

        var damaged = await MimirProcess.RunAsync(_corpus.Folder, "decode", "run", _corpus.Recipe);

        Assert.Contains("%WER", whole.Succeeded().Output, StringComparison.Ordinal);
        damaged.Refused(model, "damaged");
    }

    // A limit on the size of files, with its signal ignored, makes writes fail as a full disk does, without privileges.
    private async Task<MimirProcess.Outcome> FullDiskAsync(string[] arguments)
    {
        const string Limited = "trap '' XFSZ; ulimit -f 200; export DOTNET_EnableWriteXorExecute=0 DOTNET_EnableDiagnostics=0; "
            + "exec dotnet \"$@\"";
        using var process = MimirProcess.StartOther("bash", _corpus.Folder, ["-c", Limited, "bash", MimirProcess.Program, .. arguments]);
        return await MimirProcess.EndOfAsync(process);
    }
}
