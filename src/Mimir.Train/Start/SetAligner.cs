using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;

namespace Mimir.Train.Start;

/// <summary>Aligns the utterances of a set on several threads.</summary>
/// <param name="model">The model of the transition-ids.</param>
/// <param name="graphOf">Makes the graph of some words, without the costs of transitions.</param>
/// <param name="options">Beams and scale.</param>
internal sealed class SetAligner(TransitionModel model, Func<IReadOnlyList<int>, VectorFst> graphOf, AlignmentOptions options)
{
    // As Kaldi's scripts of training have it.
    private const float TransitionScale = 1;
    private const float SelfLoopScale = 0.1f;

    private readonly TransitionCosts _costs = new(model, TransitionScale, SelfLoopScale);
    private readonly Aligner _aligner = new(model.ToPdfMap(), options);

    /// <summary>Aligns a set.</summary>
    /// <param name="job">The start.</param>
    /// <param name="set">The set.</param>
    /// <param name="scores">The acoustic scores of its utterances, drawn as the threads get on.</param>
    /// <returns>The transition-ids of each utterance that was aligned.</returns>
    /// <exception cref="InputException">No utterance could be aligned.</exception>
    public Dictionary<string, int[]> Align(StartJob job, StartSet set, IEnumerable<(string Id, IAcousticScores Scores)> scores)
    {
        var aligned = new Dictionary<string, int[]>(StringComparer.Ordinal);
        var done = 0;
        foreach (var (id, path) in scores
            .Where(entry => set.Words.ContainsKey(entry.Id))
            .AsParallel().AsOrdered().WithDegreeOfParallelism(job.Threads).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .WithCancellation(job.Cancellation)
            .Select(entry => (entry.Id, Find(set.Words[entry.Id], entry.Scores))))
        {
            if (path is not null)
                aligned.Add(id, path.Transitions);
            job.Report(set.Name, ++done, set.Words.Count);
        }

        return aligned.Count > 0 ? aligned : throw new InputException(
            $"set '{set.Name}': not one of {set.Words.Count} utterances could be aligned; do audio and transcripts belong together?");
    }

    private AlignedPath? Find(int[] words, IAcousticScores scores)
    {
        var graph = graphOf(words);
        _costs.AddTo(graph);
        return _aligner.Align(graph, scores).Path;
    }
}
