using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Ivectorbin;

/// <summary>compute-vad: decides between speech and silence by energy.</summary>
internal sealed class ComputeVadTool()
    : KaldiTool<ComputeVadTool.Options>(
        "compute-vad",
        "Write for each utterance a vector that is 1.0 for voiced frames and 0.0 otherwise, by the log energy in column 0.",
        "<feats-rspecifier> <vad-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Leave out utterances without a voiced frame.</summary>
        [Option("omit-unvoiced-utts")]
        public bool OmitUnvoiced { get; init; }

        /// <summary>The decision.</summary>
        [IncludeOptions]
        public EnergyVadOptions Vad { get; init; } = new();
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, empty, unvoiced) = (0, 0, 0);
        var (voicedFrames, frames) = (0.0, 0.0);
        KaldiTables.FloatVector.Map(KaldiTables.Matrix.Read(arguments[0], io), arguments[1], io, (key, features) =>
        {
            if (features.Rows == 0)
            {
                log.Warning($"Empty feature matrix for utterance {key}");
                empty++;
                return null;
            }

            var decisions = EnergyVad.Decide(features, options.Vad);
            var voiced = decisions.Count(decision => decision > 0);
            (voicedFrames, frames) = (voicedFrames + voiced, frames + decisions.Length);
            if (voiced > 0)
            {
                done++;
                return decisions;
            }

            log.Warning($"No frames were judged voiced for utterance {key}");
            unvoiced++;
            return options.OmitUnvoiced ? null : decisions;
        });
        log.Log(
            $"Applied energy based voice activity detection; processed {done} utterances successfully; {empty} had empty features, "
            + $"and {unvoiced} were completely unvoiced.");
        log.Log(
            $"Proportion of voiced frames was {KaldiLog.Number(voicedFrames / frames)} over {KaldiLog.Number(frames)} frames.");
        return done != 0;
    }
}
