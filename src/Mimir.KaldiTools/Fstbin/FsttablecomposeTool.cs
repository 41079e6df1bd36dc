using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fsttablecompose: composes two transducers, one with a table, or two tables key by key.</summary>
internal sealed class FsttablecomposeTool()
    : KaldiTool<FsttablecomposeTool.Options>(
        "fsttablecompose",
        "Composition of two FSTs that is efficient where the left one has states with an arc for most symbols",
        "(fst1-rxfilename|fst1-rspecifier) (fst2-rxfilename|fst2-rspecifier) [(out-rxfilename|out-wspecifier)]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Trim the result.</summary>
        [Option("connect")]
        public bool Connect { get; init; } = true;

        /// <summary>Side with tables, left or right; both are looked up here.</summary>
        [Option("match-side")]
        public string MatchSide { get; init; } = "left";

        /// <summary>Composition filter; the results are equivalent.</summary>
        [Option("compose-filter")]
        public string ComposeFilter { get; init; } = "sequence";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.MatchSide is not ("left" or "right"))
            throw new InputException($"--match-side={options.MatchSide}: expected left or right");
        if (options.ComposeFilter is not ("alt_sequence" or "auto" or "match" or "sequence"))
            throw new InputException($"--compose-filter={options.ComposeFilter}: expected alt_sequence, auto, match or sequence");

        var (first, second) = (arguments[0], arguments[1]);
        var output = arguments.Count > 2 ? arguments[2] : "-";
        var (firstIsTable, secondIsTable) = (Rspecifier.IsTable(first), Rspecifier.IsTable(second));
        if (Wspecifier.IsTable(output) != (firstIsTable || secondIsTable))
            throw new InputException($"'{output}': expected a table for tables and a file for files");
        if (firstIsTable)
            return secondIsTable ? ComposePairs(options, first, second, output, log, io) : throw new InputException(
                $"'{first}' is a table and '{second}' is none; expected the table on the right, or two");

        var composer = new TableComposer(FstReader.ReadVector(first, io));
        if (!secondIsTable)
        {
            FstWriter.Write(output, composer.Compose(FstReader.ReadVector(second, io), options.Connect), io);
            return true;
        }

        var counts = FstTables.Vector.Map(
            FstTables.Vector.Read(second, io), output, io, (_, fst) => composer.Compose(fst, options.Connect));
        log.Log($"Composed {counts.Done} FSTs.");
        return counts.Done > 0;
    }

    private static bool ComposePairs(
        Options options, string first, string second, string output, KaldiLog log, KaldiIoOptions io)
    {
        using var others = FstTables.Vector.Open(second, io);
        var counts = FstTables.Vector.Map(FstTables.Vector.Read(first, io), output, io, (key, fst) =>
        {
            if (!others.TryGet(key, out var other))
            {
                log.Warning($"No such key {key} in second table.");
                return null;
            }

            var result = new TableComposer(fst).Compose(other, options.Connect);
            if (result.StateCount > 0)
                return result;

            log.Warning($"Empty output for key {key}");
            return null;
        });
        log.Log($"Successfully composed {counts.Done} FSTs, errors or empty output on {counts.Errors}");
        return counts.Done > 0;
    }
}
