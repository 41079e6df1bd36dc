using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>align-equal-compiled: gives each state of a random path the same number of frames.</summary>
internal sealed class AlignEqualCompiledTool()
    : KaldiTool<AlignEqualCompiledTool.Options>(
        "align-equal-compiled",
        "Write an equally spaced alignment (for getting training started)",
        "<graphs-rspecifier> <features-rspecifier> <alignments-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Accepted as Kaldi accepts it; the wspecifier decides.</summary>
        [Option("binary")]
        public bool Binary { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (lacking, errors) = (0, 0);
        using var features = KaldiTables.Matrix.Open(arguments[1], io);
        var (done, _) = KaldiTables.IntVector.Map(FstTables.Vector.Read(arguments[0], io), arguments[2], io, (utterance, graph) =>
        {
            if (!features.TryGet(utterance, out var matrix))
            {
                log.Warning($"No features for utterance {utterance}");
                lacking++;
                return null;
            }

            var transitions = EqualAlignments.Find(utterance, graph, matrix.Rows, log);
            errors += transitions is null ? 1 : 0;
            return transitions;
        });
        EqualAlignments.Report(done, lacking, errors, "features", log);
        return done != 0;
    }
}

/// <summary>The parts that the programs of equal alignment share.</summary>
internal static class EqualAlignments
{
    /// <summary>Aligns an utterance; null, with a warning, where that cannot be done.</summary>
    public static int[]? Find(string utterance, VectorFst graph, int frames, KaldiLog log)
    {
        if (frames == 0)
        {
            log.Warning($"Zero-length utterance: {utterance}");
            return null;
        }

        try
        {
            var (transitions, failure) = EqualAlignment.Find(graph, frames, EqualAlignment.SeedOf(utterance));
            if (transitions is null)
                log.Warning($"AlignEqual: did not align utterance {utterance}: {failure}");

            return transitions;
        }
        catch (InputException unfit)
        {
            log.Warning($"AlignEqual: did not align utterance {utterance}: {unfit.Message}");
            return null;
        }
    }

    /// <summary>Logs the counts.</summary>
    public static void Report(int done, int lacking, int errors, string lacked, KaldiLog log)
    {
        if (done != 0 && lacking == 0 && errors == 0)
            log.Log($"Success: done {done} utterances.");
        else
            log.Warning($"Computed {done} alignments; {lacking} lacked {lacked}, {errors} had other errors.");
    }
}
