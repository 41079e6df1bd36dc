using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstmakecontextfst: makes the context transducer of a set of phones.</summary>
internal sealed class FstmakecontextfstTool()
    : KaldiTool<ContextOptions>(
        "fstmakecontextfst",
        "Constructs a context FST with a specified context-width and context-position, and a file that describes what the input labels "
            + "mean. fstcomposecontext is better where there are many phones.",
        "<phones-symbol-table> <subsequential-symbol> <ilabels-output-file> [<out-fst>]")
{
    protected override bool Execute(ContextOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var disambiguation = options.ReadDisambiguation.Length > 0 ? IntegerList.Read(options.ReadDisambiguation, io) : [];
        var phones = SymbolTable.Read(arguments[0], io).Entries.Select(entry => entry.Value).Where(label => label != 0).ToHashSet();
        if (!int.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var end) || end == 0
            || phones.Contains(end) || disambiguation.Contains(end))
            throw new InputException($"'{arguments[1]}': expected a subsequential symbol above 0 that is no phone");

        var loop = new VectorFst { Start = 0 };
        loop.AddState(0);
        foreach (var phone in phones.Order())
            loop.AddArc(0, new FstArc(phone, phone, 0, 0));

        FstcomposecontextTool.Compose(loop, options, arguments[2], arguments.Count > 3 ? arguments[3] : "-", log, io);
        return true;
    }
}
