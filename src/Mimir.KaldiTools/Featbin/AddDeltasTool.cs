using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>add-deltas: appends derivatives over time.</summary>
internal sealed class AddDeltasTool()
    : MapFeaturesTool<AddDeltasTool.Options>(
        "add-deltas",
        "Add deltas (typically to raw mfcc or plp features).")
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

    private protected override FloatMatrix Map(FloatMatrix features, Options options)
    {
        if (options.Truncate > features.Columns)
            throw new InputException($"--truncate={options.Truncate}: the features have {features.Columns} values a frame.");

        return Deltas.Add(options.Truncate == 0 ? features : FirstColumns(features, options.Truncate), options.Order, options.Window);
    }

    private static FloatMatrix FirstColumns(FloatMatrix features, int count)
    {
        var result = new FloatMatrix(features.Rows, count);
        for (var t = 0; t < features.Rows; t++)
            features.Row(t)[..count].CopyTo(result.Row(t));

        return result;
    }
}
