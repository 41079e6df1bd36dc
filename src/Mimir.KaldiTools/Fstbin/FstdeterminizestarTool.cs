using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstdeterminizestar: removes epsilons and determinizes, a file or a table.</summary>
internal sealed class FstdeterminizestarTool()
    : KaldiTool<FstdeterminizestarTool.Options>(
        "fstdeterminizestar", "Removes epsilons and determinizes in one step", "[<in.fst> [<out.fst>]]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Determinize in the log semiring.</summary>
        [Option("use-log")]
        public bool UseLog { get; init; }

        /// <summary>Difference within which weights count as equal.</summary>
        [Option("delta")]
        public float Delta { get; init; } = 1 / 1024f;

        /// <summary>Most states of the result before it is given up; -1 for any number.</summary>
        [Option("max-states")]
        public int MaxStates { get; init; } = -1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var input = arguments.Count > 0 ? arguments[0] : "-";
        var output = arguments.Count > 1 ? arguments[1] : "-";
        var settings = new DeterminizeOptions
        {
            LogSums = options.UseLog,
            Delta = options.Delta,
            MaxStates = options.MaxStates > 0 ? options.MaxStates : null,
        };
        if (TableLoops.AreTables(input, output))
        {
            FstTables.Vector.Map(FstTables.Vector.Read(input, io), output, io, (key, fst) =>
            {
                try
                {
                    StarDeterminizer.Apply(fst, settings);
                    return fst;
                }
                catch (InputException e)
                {
                    log.Warning($"Error during determinization for key {key}: {e.Message}");
                    return null;
                }
            });
            return true;
        }

        var one = FstReader.ReadVector(input, io);
        StarDeterminizer.Apply(one, settings);
        FstWriter.Write(output, one, io);
        return true;
    }
}
