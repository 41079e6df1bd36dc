using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>subsample-feats: takes every n-th frame, or repeats frames.</summary>
internal sealed class SubsampleFeatsTool : KaldiTool
{
    private int _step = 1;
    private int _offset;

    /// <summary>Creates the program.</summary>
    public SubsampleFeatsTool()
        : base(
            "subsample-feats",
            "Sub-samples features by taking every n'th frame. With negative values of n, will repeat each frame n times.",
            "<in-rspecifier> <out-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt(
            "n", 1, "Take every n'th feature, for this value of n (with negative value, repeats each feature n times)", v => _step = v);
        parser.AddInt("offset", 0, "Start with the feature with this offset, then take every n'th feature.", v => _offset = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (_step == 0)
            throw new ArgumentException("--n=0: expected the number of frames from one that is taken to the next.");
        if (_offset < 0 || (_step < 0 && _offset != 0))
            throw new ArgumentException($"--offset={_offset}: expected 0 or more, and 0 where frames are repeated.");

        var (framesIn, framesOut) = (0L, 0L);
        var counts = FeatureTables.Map(arguments[0], arguments[1], io, (key, features) =>
        {
            var taken = FeatureFrames.Subsample(features, _step, _offset);
            (framesIn, framesOut) = (framesIn + features.Rows, framesOut + taken.Rows);
            if (taken.Rows > 0 || _step < 0)
                return taken;

            log.Warning($"For utterance {key}, output would have no rows, producing no output.");
            return null;
        });
        log.Log($"Processed {counts.Done} feature matrices; {counts.Errors} with errors.");
        log.Log($"Processed {framesIn} input frames and {framesOut} output frames.");
        return counts.Done != 0;
    }
}
