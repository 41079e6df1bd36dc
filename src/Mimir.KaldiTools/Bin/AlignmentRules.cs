using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.KaldiTools.Bin;

/// <summary>What programs ask of alignments.</summary>
internal static class AlignmentRules
{
    /// <summary>Refuses transition-ids that a model does not have.</summary>
    public static void Check(TransitionModel model, string key, ReadOnlySpan<int> transitions)
    {
        for (var frame = 0; frame < transitions.Length; frame++)
            Check(model, key, frame, transitions[frame]);
    }

    /// <summary>Refuses transition-ids that a model does not have.</summary>
    public static void Check(TransitionModel model, string key, Posterior posterior)
    {
        for (var frame = 0; frame < posterior.Frames; frame++)
        {
            foreach (var index in posterior.Indices(frame))
                Check(model, key, frame, index);
        }
    }

    private static void Check(TransitionModel model, string key, int frame, int id)
    {
        if (id < 1 || id > model.TransitionCount)
        {
            throw new InputException(
                $"utterance '{key}', frame {frame}: expected a transition-id from 1 to {model.TransitionCount}, got {id}; is this "
                + "of another model?");
        }
    }
}
