using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
using Mimir.Cli.Terminal;
using Mimir.Dist.Data.Ledgers;
using Mimir.Train.Reports;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir ledger</c>: audits that a run of several workers used each utterance once per epoch.</summary>
internal static class LedgerCommand
{
    internal static Command Create()
    {
        var run = new Argument<string>("run") { Description = $"The run's folder, with {Ledger.FileName} and {Ledger.CorpusFileName}." };
        var all = new Option<bool>("--all")
        {
            Description = "List every dropped, lost or doubled utterance, not the first 10 of each epoch.",
        };
        var json = JsonOutput.CreateOption();
        var command = new Command(
            "ledger",
            "Audit a run of several workers: every epoch of its log, each utterance once per epoch, with all its frames. Exit code 1 "
            + "when it is not so.")
        {
            run, all, json,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(run);
            var audit = LedgerAudit.Run(folder, LedgerPromise.Of(folder));
            if (parsed.GetValue(json))
                JsonOutput.Print(LedgerJson.Of(audit));
            else
                Console.Write(audit.ToText(parsed.GetValue(all) ? int.MaxValue : 10));
            return audit.Sound ? ExitCodes.Success : ExitCodes.Failure;
        });
        return command.WithExamples("mimir ledger exp/aishell-dnn", "mimir ledger exp/aishell-dnn --all");
    }
}
