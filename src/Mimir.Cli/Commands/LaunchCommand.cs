using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Dist.Launch;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir launch</c>: starts the workers of a job, here or on several hosts; of Mimir itself or of another program.</summary>
internal static class LaunchCommand
{
    /// <summary>The command's name.</summary>
    internal const string Name = "launch";

    private const string Description =
        "Start the workers of a job and wait for them. With the update modes sync and two-tier a worker that fails ends all, and "
        + "the job starts again from its last checkpoint while restarts are left. With ma, bmuf and asgd the others go on: a worker "
        + "other than the first is started again by itself and joins at the next block; the job ends as its first worker does.";

    internal static Command Create(Diagnostics diagnostics)
    {
        var workers = new Option<int>("--workers", "-n") { Description = "The number of workers on this machine." }.Within(1, 1024);
        var hosts = new Option<string>("--hosts") { Description = "Hosts with their numbers of workers: a:2,b:2. Rank 0 is on the first." };
        var agent = new Option<string>("--agent")
        {
            Description = "The command that reaches a host; the host's name and 'sh -s' are added. Each host has Mimir and the working "
                + "folder at the same place.",
            DefaultValueFactory = _ => "ssh -o BatchMode=yes",
        };
        var address = new Option<string>("--address")
        {
            Description = "The address of rank 0 for the others; without it the first host's name.",
        };
        var port = new Option<int>("--port") { Description = "The port of rank 0; 0 is a free one of this machine." }
            .Within(0, 65535);
        var restarts = new Option<int>("--restarts")
        {
            Description = "How many times a job is started again that has failed, or, with ma, bmuf and asgd, a worker.",
        }.Within(0);
        var program = new Option<bool>("--program") { Description = "After -- comes a program of its own, not a command of mimir." };
        var rest = new Argument<string[]>(TrailingCommand.Name)
        {
            Description = "After --: what every worker runs, a command of mimir or, with --program, any.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(Name, Description) { workers, hosts, agent, address, port, restarts, program, rest };
        command.SetAction((parsed, cancellation) =>
        {
            var (line, isProgram) = (parsed.GetValue(rest) ?? [], parsed.GetValue(program));
            var isOurs = !isProgram && line is not [KaldiCommand.Name, ..];
            if (isOurs && UsageProblems.Of(parsed.RootCommandResult.Command.Parse(line)) is [var problem, ..])
                throw new InputException($"launch: after --: {problem}");

            return RunAsync(
                new()
                {
                    Slots = Slots(parsed.GetValue(workers), parsed.GetValue(hosts)),
                    Command = isProgram ? line : ThisProgram(line),
                    Agent = (parsed.GetValue(agent) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    Address = parsed.GetValue(address),
                    Port = parsed.GetValue(port),
                    Restarts = parsed.GetValue(restarts),
                    FaultTolerant = !isProgram && IsFaultTolerant(line, diagnostics),
                    Heartbeats = !isProgram,
                    Passed = ["PATH", "LD_LIBRARY_PATH", "MIMIR_LISTEN"],
                },
                diagnostics,
                cancellation,
                isProgram);
        });
        return command.WithExamples(
            "mimir launch --workers 4 -- train recipe.yaml",
            "mimir launch --hosts a:2,b:2 --restarts 3 -- train recipe.yaml --set distribute.update.bmuf.block-momentum=0.75",
            "mimir launch --workers 2 --program -- dotnet mine.dll",
            "mpirun -np 4 mimir train recipe.yaml",
            "torchrun --nproc-per-node 4 --no-python mimir train recipe.yaml");
    }

    /// <summary>Runs a job. Signals are passed on.</summary>
    /// <remarks>
    /// SIGINT of a terminal reaches all its processes by itself; <see cref="StopSignal"/> takes the SIGTERM that follows for the same
    /// request. Other programs get none then.
    /// </remarks>
    /// <param name="options">The job.</param>
    /// <param name="diagnostics">Shows the launcher's messages.</param>
    /// <param name="stopping">Cancelled when this process is told to stop.</param>
    /// <param name="isProgram">True when the workers are not Mimir's own commands.</param>
    /// <returns>The job's exit code.</returns>
    internal static async Task<int> RunAsync(
        JobLauncherOptions options, Diagnostics diagnostics, CancellationToken stopping, bool isProgram = false)
    {
        using var terminating = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => terminating.Cancel());
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            if (isProgram && StopSignal.IsOfTerminal)
                return;

            terminating.Cancel();
        });
        var launcher = new JobLauncher(
            options, line => Console.Error.WriteLine($"mimir: {line}"), diagnostics.Loggers.CreateLogger<JobLauncher>());
        return await launcher.RunAsync(stopping, terminating.Token).ConfigureAwait(false);
    }

    /// <summary>The command line that starts this program again with other arguments.</summary>
    internal static IReadOnlyList<string> ThisProgram(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("the system does not say where the program lies");

        // Started by 'dotnet mimir.dll', the program is the runtime and its first argument is ours.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Environment.GetCommandLineArgs()[0], .. arguments]
            : [program, .. arguments];
    }

    // True for a command of this program whose other workers continue after one is lost; of commands that train nothing all end.
    private static bool IsFaultTolerant(IReadOnlyList<string> command, Diagnostics diagnostics)
    {
        if (command is not [TrainCommand.Name, ..])
            return false;

        // Mistakes in the command line itself are reported by the workers.
        var parsed = TrainCommand.Create(diagnostics).Parse([.. command.Skip(1).Where(word => word != Diagnostics.VerboseName)]);
        return parsed.Errors.Count == 0 && parsed.GetValue<string>(RecipeArguments.FileName) is { } file
            && RecipeReader.Read(file, RecipeArguments.Options(parsed.GetValue<string[]>(RecipeArguments.SetName)))
                .Recipe.Distribute.Update.FaultTolerant;
    }

    private static IReadOnlyList<WorkerSlot> Slots(int workers, string? hosts) => (workers, hosts) switch
    {
        ( > 0, null) => HostList.Local(workers),
        (0, { } list) => HostList.Parse(list),
        _ => throw new InputException("launch: expected either --workers N or --hosts a:2,b:2"),
    };
}
