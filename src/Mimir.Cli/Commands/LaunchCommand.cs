using System.CommandLine;
using Mimir.Cli.Distribution;
using Mimir.Cli.Help;
using Mimir.Dist.Launch;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir launch</c>: starts the workers of a job, here or on several hosts.</summary>
internal static class LaunchCommand
{
    internal static Command Create()
    {
        var workers = new Option<int>("--workers", "-n") { Description = "The number of workers on this machine." };
        var hosts = new Option<string>("--hosts") { Description = "Hosts with their numbers of workers: a:2,b:2. Rank 0 is on the first." };
        var agent = new Option<string>("--agent")
        {
            Description = "What reaches a host; the host's name and 'sh -s' are added. Each host has Mimir and the working folder at the same place.",
            DefaultValueFactory = _ => "ssh -o BatchMode=yes",
        };
        var address = new Option<string>("--address") { Description = "The address of rank 0 for the others; without it the first host's name." };
        var port = new Option<int>("--port") { Description = "The port of rank 0; 0 is a free one of this machine." };
        var restarts = new Option<int>("--restarts") { Description = "How many times the job is started again when a worker fails." };
        var rest = new Argument<string[]>("command") { Description = "After --: the command of every worker.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("launch", "Start the workers of a job and wait for them; when one fails, end them all.")
        {
            workers, hosts, agent, address, port, restarts, rest,
        };
        command.SetAction((parsed, cancellation) => WorkerCommand.RunAsync(
            new()
            {
                Slots = Slots(parsed.GetValue(workers), parsed.GetValue(hosts)),
                Command = WorkerCommand.Of(parsed.GetValue(rest) ?? []),
                Agent = (parsed.GetValue(agent) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Address = parsed.GetValue(address),
                Port = parsed.GetValue(port),
                Restarts = parsed.GetValue(restarts),
                Passed = ["PATH", "LD_LIBRARY_PATH", "MIMIR_LISTEN"],
            },
            cancellation));
        return command.WithExamples(
            "mimir launch --workers 4 -- train recipe.yaml",
            "mimir launch --hosts a:2,b:2 --restarts 3 -- train recipe.yaml --set distribute.update.bmuf.block-momentum=0.75",
            "mpirun -np 4 mimir train recipe.yaml",
            "torchrun --nproc-per-node 4 --no-python mimir train recipe.yaml");
    }

    private static IReadOnlyList<WorkerSlot> Slots(int workers, string? hosts) => (workers, hosts) switch
    {
        ( > 0, null) => HostList.Local(workers),
        (0, { } list) => HostList.Parse(list),
        _ => throw new FormatException("launch: expected either --workers N or --hosts a:2,b:2"),
    };
}
