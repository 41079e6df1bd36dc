using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>shift-feats: shifts features in time and keeps their length.</summary>
internal sealed class ShiftFeatsTool()
    : KaldiTool<ShiftFeatsTool.Options>(
        "shift-feats",
        "Copy features, and possibly shift them while maintaining the num-frames.",
        "(<feats-rspecifier>|<feats-rxfilename>) (<feats-wspecifier>|<feats-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Frames by which the features move; above 0 to later.</summary>
        [Option("shift")]
        public int Shift { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var features = KaldiTables.Matrix.ReadOne(arguments[0], io);
            if (features.Rows == 0)
                throw new InputException($"{arguments[0]}: expected features, got an empty matrix.");

            KaldiTables.Matrix.WriteOne(arguments[1], FeatureFrames.Shift(features, options.Shift), options.Binary, io);
            return true;
        }

        var counts = TableLoops.MapMatrices(arguments[0], arguments[1], io, (key, features) =>
        {
            if (features.Rows > 0)
                return FeatureFrames.Shift(features, options.Shift);

            log.Warning($"Empty matrix for key {key}");
            return null;
        });
        log.Log($"Shifted {counts.Done} features by {options.Shift} frames; {counts.Errors} with errors.");
        return counts.Done != 0;
    }
}
