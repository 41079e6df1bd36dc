using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>feat-to-len: writes the number of frames of each utterance, or prints their sum.</summary>
internal sealed class FeatToLenTool()
    : KaldiTool<NoOptions>(
        "feat-to-len",
        "Write the length in frames of each utterance; with one argument, print the total number of frames.",
        "<in-rspecifier> [<out-wspecifier>]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var input = KaldiTables.MatrixSize.Read(arguments[0], io);
        if (arguments.Count == 1)
        {
            var total = input.Sum(entry => (long)entry.Value.Rows);
            using var printed = OpenPrinted(io);
            printed.WriteLine(total);
            return true;
        }

        KaldiTables.IntScalar.WriteAll(arguments[1], input.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Rows)), io);
        return true;
    }
}
