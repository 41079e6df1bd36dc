using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Building;

/// <summary>Options of training graphs; names are those of Kaldi's <c>compile-train-graphs</c>, whose scales are 0.</summary>
public record TrainingGraphOptions
{
    /// <summary>Scale of transition probabilities (excluding self-loops).</summary>
    [Option("transition-scale")]
    public float TransitionScale { get; init; } = 1;

    /// <summary>Scale of self-loop versus non-self-loop probability mass.</summary>
    [Option("self-loop-scale")]
    public float SelfLoopScale { get; init; } = 1;

    /// <summary>Put the self-loop behind the transition that leaves its state, which decodes faster.</summary>
    [Option("reorder")]
    public bool Reorder { get; init; } = true;

    /// <summary>Remove most epsilons before minimization, where there are disambiguation symbols.</summary>
    [Option("rm-eps")]
    public bool RemoveEpsilons { get; init; }
}

/// <summary>
/// Makes the graphs that utterances are aligned with: transition-ids in, the words of the utterance out (Kaldi:
/// <c>TrainingGraphCompiler</c>). Not thread-safe.
/// </summary>
public sealed class TrainingGraphs
{
    private readonly TableComposer _lexicon;
    private readonly ContextDependency _tree;
    private readonly TransitionModel _model;
    private readonly int[] _disambiguation;
    private readonly TrainingGraphOptions _options;

    /// <summary>Prepares a lexicon and a model.</summary>
    /// <param name="lexicon">The lexicon, phones in and words out; for texts, that without disambiguation symbols (<c>L.fst</c>).</param>
    /// <param name="tree">The tree.</param>
    /// <param name="model">The transition model of the tree.</param>
    /// <param name="disambiguation">The disambiguation symbols among the phones.</param>
    /// <param name="options">Scales and order; null for the defaults.</param>
    /// <exception cref="InputException">A disambiguation symbol is a phone of the model.</exception>
    public TrainingGraphs(
        VectorFst lexicon,
        ContextDependency tree,
        TransitionModel model,
        IEnumerable<int> disambiguation,
        TrainingGraphOptions? options = null)
    {
        _disambiguation = [.. disambiguation.Distinct().Order()];
        if (_disambiguation.Intersect(model.Topology.Phones).ToArray() is [var wrong, ..])
            throw new InputException($"disambiguation symbol {wrong} is also a phone of the model");

        var sorted = lexicon.Copy();
        ArcOrder.SortByOutput(sorted);
        (_lexicon, _tree, _model, _options) = (new TableComposer(sorted), tree, model, options ?? new());
    }

    /// <summary>Makes the graph of a text.</summary>
    /// <param name="words">Its words.</param>
    /// <returns>The graph; empty where the lexicon lacks a word.</returns>
    /// <exception cref="InputException">Tree and model do not know a phone of the lexicon, or the graph cannot be determinized.</exception>
    public VectorFst Make(IReadOnlyList<int> words) => Make(LinearGraph.Of(words));

    /// <summary>Makes the graph of a grammar.</summary>
    /// <param name="grammar">Words in and out, with costs.</param>
    /// <returns>The graph; empty where the lexicon has none of its texts.</returns>
    /// <exception cref="InputException">Tree and model do not know a phone of the lexicon, or the graph cannot be determinized.</exception>
    public VectorFst Make(VectorFst grammar) => MakeOfPhones(_lexicon.Compose(grammar));

    /// <summary>Makes a graph from one of phones.</summary>
    /// <param name="graph">Phones in and words out, such as LG; it is changed.</param>
    /// <returns>The graph; empty where that of the phones is.</returns>
    /// <exception cref="InputException">Tree and model do not know a phone of the graph, or it cannot be determinized.</exception>
    public VectorFst MakeOfPhones(VectorFst graph)
    {
        if (graph.Start < 0)
            return graph;

        var (inContext, labels) = ContextComposer.Compose(graph, _disambiguation, _tree.ContextWidth, _tree.CentralPosition);
        var (hmms, disambiguation) = HmmTransducer.Make(labels, _tree, _model, _options.TransitionScale);
        ArcOrder.SortByOutput(hmms);
        var made = new TableComposer(hmms).Compose(inContext);
        if (made.Start < 0)
            return made;

        StarDeterminizer.Apply(made, new DeterminizeOptions { LogSums = true });
        if (disambiguation.Length > 0)
        {
            Algorithms.Labels.RemoveInputs(made, disambiguation);
            if (_options.RemoveEpsilons)
                LocalEpsilonRemoval.Apply(made, EpsilonSums.OfGraphs);
        }

        EncodedMinimizer.Apply(made);
        SelfLoops.Add(made, _model, _options.SelfLoopScale, _options.Reorder);
        return made;
    }
}

/// <summary>Graphs of one path.</summary>
public static class LinearGraph
{
    /// <summary>Makes the acceptor of a sequence.</summary>
    /// <param name="labels">Its labels.</param>
    public static VectorFst Of(IReadOnlyList<int> labels)
    {
        var graph = new VectorFst();
        graph.Start = graph.AddState();
        foreach (var label in labels)
        {
            var next = graph.AddState();
            graph.AddArc(next - 1, new FstArc(label, label, 0, next));
        }

        graph.SetFinal(labels.Count);
        return graph;
    }
}
