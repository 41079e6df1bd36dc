using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fsts-to-transcripts: writes the labels of the best path of each transducer of a table.</summary>
internal sealed class FstsToTranscriptsTool()
    : KaldiTool<FstsToTranscriptsTool.Options>(
        "fsts-to-transcripts",
        "Reads a table of FSTs; for each element, finds the best path and writes its output symbols, or its input symbols.",
        "<fsts-rspecifier> <transcriptions-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write the symbols on the output side; otherwise those on the input side.</summary>
        [Option("output-side")]
        public bool OutputSide { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var counts = KaldiTables.IntVector.Map(FstTables.Vector.Read(arguments[0], io), arguments[1], io, (key, fst) =>
        {
            if (ShortestPath.Find(fst) is { } path)
            {
                return path.Select(arc => options.OutputSide ? arc.Output : arc.Input).Where(label => label != 0).ToArray();
            }

            log.Warning($"Input FST (after shortest path) was empty. Producing no output for key {key}");
            return null;
        });
        log.Log($"Converted {counts.Done} FSTs, {counts.Errors} with errors");
        return counts.Done > 0;
    }
}
