using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>subsample-feats: takes every n-th frame, or repeats frames.</summary>
internal sealed class SubsampleFeatsTool()
    : KaldiTool<SubsampleFeatsTool.Options>(
        "subsample-feats",
        "Sub-samples features by taking every n'th frame. With negative values of n, will repeat each frame n times.",
        "<in-rspecifier> <out-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Take every n-th frame; below 0, repeat each frame -n times.</summary>
        [Option("n")]
        public int Step { get; init; } = 1;

        /// <summary>First frame that is taken.</summary>
        [Option("offset")]
        public int Offset { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.Step == 0)
            throw new InputException("--n=0: expected the number of frames from one that is taken to the next.");
        if (options.Offset < 0 || (options.Step < 0 && options.Offset != 0))
            throw new InputException($"--offset={options.Offset}: expected 0 or more, and 0 where frames are repeated.");

        var (framesIn, framesOut) = (0L, 0L);
        var counts = TableLoops.MapMatrices(arguments[0], arguments[1], io, (key, features) =>
        {
            var taken = FeatureFrames.Subsample(features, options.Step, options.Offset);
            (framesIn, framesOut) = (framesIn + features.Rows, framesOut + taken.Rows);
            if (taken.Rows > 0 || options.Step < 0)
                return taken;

            log.Warning($"For utterance {key}, output would have no rows, producing no output.");
            return null;
        });
        log.Log($"Processed {counts.Done} feature matrices; {counts.Errors} with errors.");
        log.Log($"Processed {framesIn} input frames and {framesOut} output frames.");
        return counts.Done != 0;
    }
}
