using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>get-post-on-ali: looks up the posteriors of an alignment's labels.</summary>
internal sealed class GetPostOnAliTool()
    : KaldiTool<NoOptions>(
        "get-post-on-ali",
        "Given posteriors and an alignment with the same kind of index, writes the posterior of each frame's index, 0 where it has none.",
        "<posteriors-rspecifier> <ali-rspecifier> <weights-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        using var alignments = KaldiTables.IntVector.Open(arguments[1], io);
        var (done, missing) = KaldiTables.FloatVector.Map(
            Posterior.Table.Read(arguments[0], io), arguments[2], io, (utterance, posterior) =>
                alignments.TryGet(utterance, out var labels) ? WeightsOf(utterance, posterior, labels) : null);
        log.Log(
            $"Done getting the posteriors under the alignment path for {done} utterances. {missing} with missing alignments.");
        return true;
    }

    private static float[] WeightsOf(string utterance, Posterior posterior, int[] labels)
    {
        if (labels.Length != posterior.Frames)
        {
            throw new InputException(
                $"utterance '{utterance}': the posterior has {posterior.Frames} frames, the alignment {labels.Length}.");
        }

        var weights = new float[labels.Length];
        for (var frame = 0; frame < weights.Length; frame++)
        {
            var place = posterior.Indices(frame).IndexOf(labels[frame]);
            weights[frame] = place < 0 ? 0 : posterior.Weights(frame)[place];
        }

        return weights;
    }
}
