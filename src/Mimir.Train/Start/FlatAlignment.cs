using Mimir.Decode.Alignment;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Start;

/// <summary>The first alignments of monophones: each state of a transcript gets as many frames as the others.</summary>
internal static class FlatAlignment
{
    /// <summary>Aligns utterances; those that are too short are among the start's failures afterwards.</summary>
    /// <param name="job">The start.</param>
    /// <param name="set">The set.</param>
    /// <param name="tree">The tree of monophones.</param>
    /// <param name="model">Its transition model.</param>
    /// <param name="utterances">The frames of the utterances.</param>
    public static Dictionary<string, int[]> Align(
        StartJob job, StartSet set, ContextDependency tree, TransitionModel model, IEnumerable<(string Id, int Frames)> utterances)
    {
        var graphs = StartGraphs.Of(job, tree, model);
        var aligned = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var (id, frames) in utterances)
        {
            var (equal, failure) = EqualAlignment.Find(graphs(set.Words[id]), frames, EqualAlignment.SeedOf(id));
            if (equal is not null)
                aligned.Add(id, equal);
            else
                job.Failures[id] = failure ?? "it is too short for its transcript";
        }

        return aligned;
    }
}
