using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstphicompose: composes with a back-off model whose back-off arcs are taken only where nothing else matches.</summary>
internal sealed class FstphicomposeTool()
    : KaldiTool<NoOptions>(
        "fstphicompose",
        "Composition, where the right FST has \"failure\" (phi) transitions that are only taken where there was no match of a \"real\" "
            + "label. You supply the label corresponding to phi.",
        "<phi-label> (fst1-rxfilename|fst1-rspecifier) (fst2-rxfilename|fst2-rspecifier) [(out-rxfilename|out-wspecifier)]")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var phi) || phi == 0)
            throw new InputException($"'{arguments[0]}': expected the label of phi, a number above 0");

        var output = arguments.Count > 3 ? arguments[3] : "-";
        var composer = new PhiComposer(FstReader.ReadVector(arguments[2], io), phi);
        if (!TableLoops.AreTables(arguments[1], output))
        {
            FstWriter.Write(output, composer.Compose(FstReader.ReadVector(arguments[1], io)), io);
            return true;
        }

        var counts = FstTables.Vector.Map(
            FstTables.Vector.Read(arguments[1], io), output, io, (_, fst) => composer.Compose(fst));
        log.Log($"Composed {counts.Done} FSTs.");
        return counts.Done > 0;
    }
}
