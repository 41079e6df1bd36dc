using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Train.Runs;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir tune</c>: changes the learning rate, or another hyper-parameter, of a running job.</summary>
internal static class TuneCommand
{
    internal static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The folder of a run that is going on." };
        var changes = new Argument<string[]>("changes")
        {
            Description = "key=value: rate; of newbob start-halving, end-halving, halving-factor, max-epochs, min-epochs, "
                + "keep-rate-epochs; of several workers period-frames, block-momentum, block-rate.",
            Arity = ArgumentArity.OneOrMore,
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = "How many seconds to wait for the answer, which comes at the next step, or block of several workers.",
            DefaultValueFactory = _ => 120,
        }.Within(0, 86400);
        var command = new Command("tune", "Change a running job, on all its workers at the same step. Its log says what has changed.")
        {
            run, changes, timeout,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var answer = await new TuneClient(TimeProvider.System).RequestAsync(
                parsed.GetRequiredValue(run),
                parsed.GetRequiredValue(changes),
                TimeSpan.FromSeconds(parsed.GetValue(timeout)),
                cancellation).ConfigureAwait(false);
            if (!answer.Accepted)
                throw new InputException(answer.Message);

            Console.WriteLine(answer.Message);
            return ExitCodes.Success;
        });
        return command.WithExamples("mimir tune exp/aishell-dnn rate=0.002", "mimir tune exp/aishell-dnn end-halving=0.0005 max-epochs=30");
    }
}
