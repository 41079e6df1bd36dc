using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-vad: tells speech from silence by energy.</summary>
internal sealed class ComputeVadTool : KaldiTool
{
    private EnergyVadOptions _options = new();
    private bool _omitUnvoiced;

    /// <summary>Creates the program.</summary>
    public ComputeVadTool()
        : base(
            "compute-vad",
            "Write for each utterance a vector that is 1.0 for voiced frames and 0.0 otherwise, by the log energy in column 0.",
            "<feats-rspecifier> <vad-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool(
            "omit-unvoiced-utts",
            false,
            "If true, do not write out voicing information for utterances that were judged 100% unvoiced.",
            v => _omitUnvoiced = v);
        parser.AddFloat(
            "vad-energy-threshold",
            _options.Threshold,
            "Constant term in energy threshold for MFCC0 for VAD (also see --vad-energy-mean-scale)",
            v => _options = _options with { Threshold = v });
        parser.AddFloat(
            "vad-energy-mean-scale",
            _options.MeanScale,
            "If this is s, the threshold is s times the mean log-energy of the file, plus vad-energy-threshold",
            v => _options = _options with { MeanScale = v });
        parser.AddInt(
            "vad-frames-context",
            _options.Context,
            "Number of frames of context on each side of central frame, in window for which energy is monitored",
            v => _options = _options with { Context = v });
        parser.AddFloat(
            "vad-proportion-threshold",
            _options.Proportion,
            "Proportion of frames within the window that need to have more energy than the threshold",
            v => _options = _options with { Proportion = v });
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, empty, unvoiced) = (0, 0, 0);
        var (voicedFrames, frames) = (0.0, 0.0);
        using var output = KaldiTables.FloatVector.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[0], io))
            {
                if (features.Rows == 0)
                {
                    log.Warning($"Empty feature matrix for utterance {key}");
                    empty++;
                    continue;
                }

                var decisions = EnergyVad.Decide(features, _options);
                var voiced = decisions.Count(decision => decision > 0);
                (voicedFrames, frames) = (voicedFrames + voiced, frames + decisions.Length);
                if (voiced > 0)
                {
                    done++;
                }
                else
                {
                    log.Warning($"No frames were judged voiced for utterance {key}");
                    unvoiced++;
                }

                if (voiced > 0 || !_omitUnvoiced)
                    output.Write(key, decisions);
            }
        });
        log.Log(
            $"Applied energy based voice activity detection; processed {done} utterances successfully; {empty} had empty features, "
            + $"and {unvoiced} were completely unvoiced.");
        log.Log(
            $"Proportion of voiced frames was {KaldiLog.Number(voicedFrames / frames)} over {KaldiLog.Number(frames)} frames.");
        return done != 0;
    }
}
