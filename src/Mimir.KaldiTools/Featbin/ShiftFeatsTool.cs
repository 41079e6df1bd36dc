using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>shift-feats: moves features along and keeps their length.</summary>
internal sealed class ShiftFeatsTool : KaldiTool
{
    private int _shift;
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public ShiftFeatsTool()
        : base(
            "shift-feats",
            "Copy features, and possibly shift them while maintaining the num-frames.",
            "(<feats-rspecifier>|<feats-rxfilename>) (<feats-wspecifier>|<feats-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt("shift", 0, "Number of frames by which to shift the features.", v => _shift = v);
        parser.AddBool("binary", true, "Binary-mode output (not relevant if writing to archive)", v => _binary = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            var features = KaldiTables.Matrix.ReadOne(arguments[0], io);
            if (features.Rows == 0)
                throw new InputException($"{arguments[0]}: expected features, got an empty matrix.");

            KaldiOutput.WriteOne(arguments[1], _binary, writer => writer.WriteMatrix(FeatureFrames.Shift(features, _shift)), io);
            return true;
        }

        var counts = FeatureTables.Map(arguments[0], arguments[1], io, (key, features) =>
        {
            if (features.Rows > 0)
                return FeatureFrames.Shift(features, _shift);

            log.Warning($"Empty matrix for key {key}");
            return null;
        });
        log.Log($"Shifted {counts.Done} features by {_shift} frames; {counts.Errors} with errors.");
        return counts.Done != 0;
    }
}
