using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-to-post: writes the posteriors of transition-ids.</summary>
internal sealed class LatticeToPostTool()
    : KaldiTool<LatticeScaleOptions>(
        "lattice-to-post",
        "Do forward-backward and collect posteriors over lattices.",
        "<lattice-rspecifier> <posteriors-wspecifier> [<loglikes-wspecifier>]")
{
    protected override bool Execute(LatticeScaleOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.AcousticScale == 0)
            throw new InputException("--acoustic-scale must not be 0.");

        using var outputs = new OutputTables(io);
        var posteriors = outputs.Add(Posterior.Table, arguments[1]);
        var likelihoods = outputs.Add(KaldiTables.FloatScalar, arguments.ElementAtOrDefault(2));
        var (done, frames, total, acoustic) = (0, 0L, 0.0, 0.0);
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in Lattice.Table.Read(arguments[0], io))
            {
                var result = Utterance.Run(key, () => LatticePosteriors.Compute(lattice.Scale(options.Scale)));
                likelihoods?.Invoke(key, (float)result.LogLikelihood);
                posteriors?.Invoke(key, result.Transitions);
                (total, acoustic) = (total + result.LogLikelihood, acoustic + result.AcousticLogLikelihood);
                (done, frames) = (done + 1, frames + result.Transitions.Frames);
            }
        });
        log.Log(
            $"Overall average log-like/frame is {KaldiLog.Number(total / frames)} over {frames} frames.  Average acoustic like/frame is "
            + $"{KaldiLog.Number(acoustic / frames)}");
        log.Log($"Done {done} lattices.");
        return done != 0;
    }
}
