using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Building;

/// <summary>Options of a decoding graph.</summary>
public sealed record GraphOptions
{
    /// <summary>Scale of the transition probabilities, relative to the language model's; 1 by default.</summary>
    public float TransitionScale { get; init; } = 1;

    /// <summary>Scale of the probabilities of self-loops and of leaving; 0.1 by default.</summary>
    public float SelfLoopScale { get; init; } = 0.1f;

    /// <summary>Words that shall not be recognised, such as the one for unknown words; none by default.</summary>
    public IReadOnlyList<int> RemovedWords { get; init; } = [];

    /// <summary>Receives a line after each step; null for none.</summary>
    public Action<string>? Progress { get; init; }
}

/// <summary>
/// Builds decoding graphs from a lexicon, a language model, a tree and a transition model, by the steps of Kaldi's mkgraph.sh (Mohri,
/// Pereira and Riley, "Speech recognition with weighted finite-state transducers", 2008).
/// </summary>
public static class GraphBuilder
{
    /// <summary>Builds LG: phones in, words out, deterministic and minimal, every state summing to the same.</summary>
    /// <param name="lexicon">The lexicon with symbols of disambiguation, phones in and words out.</param>
    /// <param name="grammar">The language model, words in and out.</param>
    /// <param name="progress">Receives a line after each step; null for none.</param>
    /// <exception cref="InputException">Lexicon and language model have no sentence in common, or the result cannot be
    /// deterministic.</exception>
    public static VectorFst ComposeLanguage(VectorFst lexicon, VectorFst grammar, Action<string>? progress = null)
    {
        ArcOrder.SortByOutput(lexicon);
        ArcOrder.SortByInput(grammar);
        var graph = new TableComposer(lexicon).Compose(grammar);
        if (graph.Start < 0)
        {
            throw new InputException(
                "lexicon and language model have no sentence in common: no path through the model has words of the lexicon only; do they "
                + "share words.txt, and has the model an end?");
        }

        Report(progress, "lexicon and language model composed", graph);
        Step("lexicon and language model", () => StarDeterminizer.Apply(graph, new DeterminizeOptions { LogSums = true }));
        Report(progress, "determinized", graph);
        EncodedMinimizer.Apply(graph);
        Report(progress, "minimized", graph);
        if (!SpecialPusher.Push(graph))
            progress?.Invoke("the weights were not pushed exactly: 200 rounds did not suffice");

        return graph;
    }

    /// <summary>Builds HCLG: transition-ids in, words out.</summary>
    /// <param name="language">LG from <see cref="ComposeLanguage"/>; used up.</param>
    /// <param name="disambiguation">The symbols of disambiguation among the phones.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="InputException">The tree or the model does not know the lexicon's phones, or nothing is left.</exception>
    public static VectorFst Build(
        VectorFst language,
        IReadOnlyCollection<int> disambiguation,
        ContextDependency tree,
        TransitionModel model,
        GraphOptions? options = null)
    {
        options ??= new GraphOptions();
        var (graph, labels) = ContextComposer.Compose(language, disambiguation, tree.ContextWidth, tree.CentralPosition);
        language.Clear();
        if (options.RemovedWords.Count > 0)
        {
            Labels.Invert(graph);
            Labels.RemoveArcsOfInputs(graph, options.RemovedWords);
            Labels.Invert(graph);
        }

        ArcOrder.SortByInput(graph);
        Report(options.Progress, "phones in context", graph);
        var (hmms, symbols) = HmmTransducer.Make(labels, tree, model, options.TransitionScale);
        graph = new TableComposer(Sorted(hmms)).Compose(graph);
        if (graph.Start < 0)
            throw new InputException("the graph is empty: no word is left that the model can recognise");

        Report(options.Progress, "HMMs composed", graph);
        Step("HMMs and words", () => StarDeterminizer.Apply(graph, new DeterminizeOptions { LogSums = true }));
        Report(options.Progress, "determinized", graph);
        Labels.RemoveInputs(graph, symbols);
        LocalEpsilonRemoval.Apply(graph, EpsilonSums.OfGraphs);
        EncodedMinimizer.Apply(graph);
        Report(options.Progress, "minimized", graph);
        SelfLoops.Add(graph, model, options.SelfLoopScale);
        Report(options.Progress, "self-loops added", graph);
        return graph;
    }

    /// <summary>Finds the words of a language model that the lexicon lacks: no sentence with them is in the graph.</summary>
    public static IReadOnlyList<int> LackingWords(VectorFst lexicon, VectorFst grammar)
    {
        var known = Labels.Outputs(lexicon).ToHashSet();
        return [.. Labels.Inputs(grammar).Where(word => !known.Contains(word))];
    }

    private static VectorFst Sorted(VectorFst fst)
    {
        ArcOrder.SortByOutput(fst);
        return fst;
    }

    private static void Step(string what, Action step)
    {
        try
        {
            step();
        }
        catch (InputException e)
        {
            throw new InputException($"{what}: {e.Message}", e);
        }
    }

    private static void Report(Action<string>? progress, string step, VectorFst fst) => progress?.Invoke(string.Create(
        CultureInfo.InvariantCulture, $"{step}: {fst.StateCount:N0} states, {fst.ArcCount:N0} arcs"));
}
