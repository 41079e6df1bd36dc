using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>feat-to-dim: writes the dimension of the first features, or of each utterance.</summary>
internal sealed class FeatToDimTool()
    : KaldiTool<NoOptions>(
        "feat-to-dim",
        "Write the feature dimension of the first features to a file, or of all to a table.",
        "<feat-rspecifier> (<dim-wspecifier>|<dim-wxfilename>)")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var input = KaldiTables.MatrixSize.Read(arguments[0], io);
        if (!Wspecifier.IsTable(arguments[1]))
        {
            var first = input.Select(entry => (int?)entry.Value.Columns).FirstOrDefault()
                ?? throw new InputException($"{arguments[0]}: expected features, got none.");
            using var file = KaldiOutput.Open(arguments[1], io);
            file.Stream.Write(Encoding.ASCII.GetBytes(first.ToString(CultureInfo.InvariantCulture) + "\n"));
            return true;
        }

        KaldiTables.IntScalar.WriteAll(arguments[1], input.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Columns)), io);
        return true;
    }
}
