using System.CommandLine;
using System.CommandLine.Parsing;
using Mimir.Cli.Commands;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Dist.Launch;

namespace Mimir.Cli;

/// <summary>The <c>mimir</c> command line: picks a command, runs it and turns errors into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments after the program's name.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    internal static int Run(string[] args)
    {
        using var diagnostics = new Diagnostics();

        // Kaldi's tools parse their own options, whose rules differ from every other command's.
        diagnostics.IsVerbose = args is [Diagnostics.VerboseName, KaldiCommand.Name, ..];
        if (args[(diagnostics.IsVerbose ? 1 : 0)..] is [KaldiCommand.Name, .. var rest])
            return diagnostics.Guard(() => KaldiCommand.Run(rest));

        if (args is ["help", .. var command])
            args = [.. command, "--help"];

        if (args is [Diagnostics.QuietName, KaldiCommand.Name, ..])
        {
            Console.Error.WriteLine($"mimir: {Diagnostics.QuietName} does nothing for Kaldi's programs; theirs is --print-args=false");
            return ExitCodes.Usage;
        }

        var parsed = Root(diagnostics).Parse(args, new() { ResponseFileTokenReplacer = null });
        var problems = UsageProblems.Of(parsed);
        if (problems.Count == 0 && parsed.GetValue<bool>(Diagnostics.QuietName) && parsed.GetValue<bool>(Diagnostics.VerboseName))
            problems = [$"{Diagnostics.QuietName} and {Diagnostics.VerboseName} exclude each other"];
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
                Console.Error.WriteLine($"mimir: {problem}");

            Console.Error.WriteLine($"mimir: see '{CommandPath(parsed)} --help'");
            return ExitCodes.Usage;
        }

        diagnostics.IsVerbose = parsed.GetValue<bool>(Diagnostics.VerboseName);
        diagnostics.IsQuiet = parsed.GetValue<bool>(Diagnostics.QuietName);
        using var stop = new StopSignal();
        LauncherWatch.Begin();
        return diagnostics.Guard(() => parsed
            .InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token)
            .GetAwaiter().GetResult());
    }

    private static RootCommand Root(Diagnostics diagnostics)
    {
        var root = new RootCommand(
            "Mimir trains acoustic models for speech recognition on Kaldi's features and alignments. "
            + "Exit codes: 0 done, 1 error of data, files or machine, 2 wrong command line, 70 bug of Mimir, 130 interrupted.")
        {
            InitCommand.Create(),
            TrainCommand.Create(diagnostics),
            LaunchCommand.Create(diagnostics),
            EmulateCommand.Create(diagnostics),
            TuneCommand.Create(),
            RecipeCommand.Create(),
            CorpusCommand.Create(diagnostics),
            FeaturesCommand.Create(diagnostics),
            LangCommand.Create(),
            LmCommand.Create(),
            G2PCommand.Create(),
            GraphCommand.Create(diagnostics),
            DecodeCommand.Create(diagnostics),
            TranscribeCommand.Create(diagnostics),
            PackageCommand.Create(),
            AlignCommand.Create(diagnostics),
            ScoreCommand.Create(),
            CompareCommand.Create(),
            TableCommand.Create(diagnostics),
            LedgerCommand.Create(),
            PlanCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            KaldiCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
            CompletionCommand.CreateMan(),
        };
        root.Options.Add(new Option<bool>(Diagnostics.VerboseName)
        {
            Description = "Show the log from level debug on, and the stack of a bug.",
            Recursive = true,
        });
        root.Options.Add(new Option<bool>(Diagnostics.QuietName)
        {
            Description = "Show no progress and no remarks: results and errors only.",
            Recursive = true,
        });
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
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Push(result.Command is RootCommand ? "mimir" : result.Command.Name);

        return string.Join(' ', names);
    }
}
