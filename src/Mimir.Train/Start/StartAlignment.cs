using Mimir.Base;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;
using Mimir.Train.Alignment;

namespace Mimir.Train.Start;

/// <summary>Aligns the sets of a start with a model.</summary>
internal static class StartAlignment
{
    /// <summary>Aligns a set; what cannot be aligned is among the start's failures afterwards.</summary>
    /// <param name="job">The start.</param>
    /// <param name="set">The set.</param>
    /// <param name="tree">The tree of the model.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="options">Beams and scales.</param>
    /// <param name="scores">The acoustic scores of its utterances, drawn as the threads get on.</param>
    /// <returns>The transition-ids of each utterance that was aligned.</returns>
    /// <exception cref="InputException">No utterance could be aligned.</exception>
    public static Dictionary<string, int[]> Align(
        StartJob job, StartSet set, ContextDependency tree, TransitionModel model, SetAlignmentOptions options,
        IEnumerable<(string Id, IAcousticScores Scores)> scores)
    {
        var requests = scores
            .Where(entry => set.Words.ContainsKey(entry.Id))
            .Select(entry => new AlignmentRequest(entry.Id, set.Texts[entry.Id], entry.Scores));
        var aligned = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var done = 0;
        foreach (var result in new SetAligner(job.Language, tree, model, options, job.Threads).Align(requests))
        {
            job.Cancellation.ThrowIfCancellationRequested();
            var id = result.Request.Utterance;
            if (result.Path is { } path)
            {
                aligned.Add(id, path.Transitions);
                job.Failures.Remove(id);
            }
            else
            {
                job.Failures[id] = result.Failure ?? "no path through its transcript fits the audio";
            }

            job.Report(set.Name, ++done, set.Words.Count);
        }

        if (aligned.Count > 0)
            return aligned;

        var reason = job.Failures.FirstOrDefault(failure => set.Words.ContainsKey(failure.Key)).Value;
        throw new InputException(
            $"set '{set.Name}': not one of {set.Words.Count} utterances could be aligned ({reason}); do audio and transcripts belong "
            + "together? With few recordings, 'start.by: network' may do.");
    }
}
