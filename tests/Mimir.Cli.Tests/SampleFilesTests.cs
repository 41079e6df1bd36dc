using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>The files under <c>samples/</c> for a timer of systemd and a job of Slurm.</summary>
public sealed class SampleFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ProgramTheory("systemd-analyze")]
    [InlineData("mimir-nightly.service")]
    [InlineData("mimir-nightly.timer")]
    public async Task Systemd_accepts_the_units(string unit)
    {
        // Systemd wants a working folder that exists.
        foreach (var file in Directory.EnumerateFiles(Sample("systemd")))
            _folder.Write(Path.GetFileName(file), File.ReadAllText(file).Replace("%h/asr", _folder.Path, StringComparison.Ordinal));

        using var process = MimirProcess.StartOther("systemd-analyze", _folder.Path, "verify", "--man=no", _folder.At(unit));
        var outcome = await MimirProcess.EndOfAsync(process);

        Assert.DoesNotContain("mimir-nightly", outcome.Errors, StringComparison.Ordinal);
    }

    [ProgramTheory("bash")]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(130, 130)]
    public async Task The_job_of_Slurm_trains_on_its_nodes_and_is_requeued_after_a_checkpoint(int trained, int expected)
    {
        Program("mimir", "echo mimir \"$@\"");
        Program("srun", $"echo srun \"$@\" at $MASTER_ADDR:$MASTER_PORT; exit {trained}");
        Program("scontrol", "if [ $1 = show ]; then printf 'node7\\nnode8\\n'; else echo scontrol \"$@\"; fi");
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}",
            ["SLURM_JOB_NODELIST"] = "node[7-8]",
            ["SLURM_JOB_ID"] = "20042",
        };

        using var process = MimirProcess.StartOther(
            "bash", _folder.Path, variables, [Path.Combine(Sample("slurm"), "train.sbatch"), "a.yaml", "--set", "seed=2"]);
        var outcome = await MimirProcess.EndOfAsync(process);

        Assert.Equal(expected, outcome.ExitCode);
        Assert.Empty(outcome.Errors);
        string[] lines =
        [
            "mimir recipe check a.yaml", "srun --kill-on-bad-exit=1 mimir train a.yaml --set seed=2 at node7:20042",
            .. trained == 130 ? ["scontrol requeue 20042"] : Array.Empty<string>(),
        ];
        Assert.Equal(lines, outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Sample(string name) => Path.Combine(SharedData.Checkout, "samples", name);

    private void Program(string name, string code)
    {
        _folder.Write(name, $"#!/bin/sh\n{code}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
