using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Start;

/// <summary>Makes the graphs of transcripts, a compiler for each thread.</summary>
internal static class StartGraphs
{
    /// <summary>Prepares the graphs of a tree.</summary>
    /// <param name="job">The start, which has the lexicon.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="model">The transition model of the tree.</param>
    /// <returns>Makes the graph of some words without the costs of transitions; any thread may call it.</returns>
    public static Func<IReadOnlyList<int>, VectorFst> Of(StartJob job, ContextDependency tree, TransitionModel model)
    {
        var compilers = new ThreadLocal<TrainingGraphs>(() => new(
            job.Language.Lexicon, tree, model, job.Language.Disambiguation, new() { TransitionScale = 0, SelfLoopScale = 0 }));
        return words => (compilers.Value ?? throw new InvalidOperationException("no compiler")).Make(words);
    }
}
