using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>add-deltas: appends derivatives over time to features.</summary>
internal sealed class AddDeltasTool()
    : KaldiTool<AddDeltasTool.Options>(
        "add-deltas",
        "Add deltas (typically to raw mfcc or plp features).",
        "<feats-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Number of derivatives that are appended.</summary>
        [Option("delta-order", Min = 0, Max = 1000)]
        public int Order { get; init; } = 2;

        /// <summary>Frames on either side for each derivative.</summary>
        [Option("delta-window", Min = 1, Max = 1000)]
        public int Window { get; init; } = 2;

        /// <summary>First keep only this many values of a frame; 0 keeps all.</summary>
        [Option("truncate", Min = 0)]
        public int Truncate { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, _) = TableLoops.MapMatrices(arguments[0], arguments[1], io, (_, features) =>
            Deltas.Add(Truncate(features, options.Truncate), options.Order, options.Window));
        log.Log($"Processed {done} feature matrices.");
        return done != 0;
    }

    private static FloatMatrix Truncate(FloatMatrix features, int count)
    {
        if (count == 0)
            return features;
        if (count > features.Columns)
            throw new InputException($"--truncate={count}: the features have {features.Columns} values a frame.");

        var result = new FloatMatrix(features.Rows, count);
        for (var t = 0; t < features.Rows; t++)
            features.Row(t)[..count].CopyTo(result.Row(t));

        return result;
    }
}
