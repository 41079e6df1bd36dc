using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Commands;
using Mimir.Cli.Help;

namespace Mimir.Cli;

/// <summary>The <c>mimir</c> command line: picks a command, runs it and turns what goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(string[] args)
    {
        // Kaldi's tools parse their own options, whose rules differ from every other command's.
        if (args is [KaldiCommand.Name, .. var rest])
            return Guarded(() => KaldiCommand.Run(rest));

        var parsed = Root().Parse(args);
        var problems = UsageProblems.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
                Console.Error.WriteLine($"mimir: {problem}");

            Console.Error.WriteLine($"mimir: see '{CommandPath(parsed)} --help'");
            return ExitCodes.Usage;
        }

        using var stop = new StopSignal();
        return Guarded(() => parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token)
            .GetAwaiter().GetResult());
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Mimir trains acoustic models for speech recognition on Kaldi's features and alignments.")
        {
            TrainCommand.Create(),
            LaunchCommand.Create(),
            EmulateCommand.Create(),
            TuneCommand.Create(),
            RecipeCommand.Create(),
            CorpusCommand.Create(),
            FeaturesCommand.Create(),
            DecodeCommand.Create(),
            ScoreCommand.Create(),
            CompareCommand.Create(),
            TableCommand.Create(),
            LedgerCommand.Create(),
            PlanCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            KaldiCommand.Create(),
            DoctorCommand.Create(),
        };
        root.WithExamples(
            "mimir train recipes/mandarin-digits/dnn.yaml",
            "mimir train recipes/aishell-sample/dnn.yaml --set train.device=cuda",
            "mimir kaldi compute-fbank-feats --num-mel-bins=40 scp:wav.scp ark,scp:fbank.ark,fbank.scp",
            "mimir doctor");
        return root;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new Stack<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Push(result.Command is RootCommand ? "mimir" : result.Command.Name);

        return string.Join(' ', names);
    }

    private static string? Describe(Exception error) => UserError.Describe(error) ?? error switch
    {
        ArgumentException { ParamName: { } name } => error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        InvalidDataException or ArgumentException or NotSupportedException or InvalidOperationException => error.Message,
        _ => null,
    };

    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("mimir: stopped");
            return ExitCodes.Interrupted;
        }
        catch (Exception error) when (Describe(error) is { } message)
        {
            Console.Error.WriteLine($"mimir: {message}");
            return ExitCodes.Failure;
        }
    }
}
