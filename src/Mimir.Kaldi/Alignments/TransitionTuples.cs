using Mimir.Base;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Alignments;

/// <summary>Finds the states of a whole model from its tree and topology (Kaldi: <c>TransitionModel::ComputeTuples</c>).</summary>
internal static class TransitionTuples
{
    /// <summary>Lists the states in the order that numbers their transition-ids.</summary>
    /// <exception cref="InputException">The tree has no distribution for a state of a phone.</exception>
    public static IReadOnlyList<TransitionTuple> Of(ContextDependency tree, HmmTopology topology)
    {
        var tuples = new List<TransitionTuple>();
        foreach (var phone in topology.Phones)
        {
            var window = new int?[tree.ContextWidth];
            window[tree.CentralPosition] = phone;
            var states = topology.EntryOf(phone).States;
            for (var index = 0; index < states.Count - 1; index++)
            {
                if (states[index] is not { ForwardPdfClass: >= 0 } state)
                    continue;

                var pairs = new HashSet<(int Forward, int SelfLoop)>();
                if (state.ForwardPdfClass == state.SelfLoopPdfClass)
                    pairs.UnionWith(Answers(tree, window, state.ForwardPdfClass).Select(pdf => (pdf, pdf)));
                else
                    AddPairs(tree, topology, window, state, pairs);

                if (pairs.Count == 0)
                {
                    throw new InputException(
                        $"The tree has no distribution for state {index} of phone {phone}; grow it with this topology.");
                }

                tuples.AddRange(pairs.Order().Select(pair => new TransitionTuple(phone, index, pair.Forward, pair.SelfLoop)));
            }
        }

        return tuples;
    }

    // Chain topologies: which distributions of the forward arcs and the self-loop go together depends on the neighbours.
    private static void AddPairs(
        ContextDependency tree, HmmTopology topology, int?[] window, HmmState state, HashSet<(int Forward, int SelfLoop)> pairs)
    {
        var forward = Answers(tree, window, state.ForwardPdfClass);
        var selfLoop = Answers(tree, window, state.SelfLoopPdfClass);
        if (forward.Count == 1 || selfLoop.Count == 1)
        {
            pairs.UnionWith(forward.SelectMany(_ => selfLoop, (first, second) => (first, second)));
            return;
        }

        // The nearest neighbour that is not fixed yet takes every phone, and 0 for the end of the utterance.
        var position = Enumerable.Range(0, window.Length).Where(place => window[place] is null)
            .MinBy(place => Math.Abs(place - tree.CentralPosition));
        foreach (var phone in topology.Phones.Prepend(0))
        {
            window[position] = phone;
            AddPairs(tree, topology, window, state, pairs);
        }

        window[position] = null;
    }

    private static HashSet<int> Answers(ContextDependency tree, int?[] window, int pdfClass) => [.. tree.ToPdf.AnswersTo(
        key => key == ContextDependency.PdfClassKey ? pdfClass : key >= 0 && key < window.Length ? window[key] : null)];
}
