using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Alignment;

/// <summary>The costs of transition-ids in graphs that were made without them, as training graphs are.</summary>
public sealed class TransitionCosts
{
    private readonly float[] _costs;

    /// <summary>Computes the costs of all transition-ids.</summary>
    /// <param name="model">The model.</param>
    /// <param name="transitionScale">Scale of the choice among the arcs that leave a state (Kaldi: --transition-scale).</param>
    /// <param name="selfLoopScale">Scale of the choice between the self-loop and leaving (Kaldi: --self-loop-scale).</param>
    public TransitionCosts(TransitionModel model, float transitionScale = 1, float selfLoopScale = 1)
    {
        _costs = new float[model.TransitionCount + 1];
        for (var id = 1; id < _costs.Length; id++)
            _costs[id] = -model.ScaledLogProbabilityOf(id, transitionScale, selfLoopScale);
    }

    /// <summary>Adds the costs to the arcs of a graph (Kaldi: <c>AddTransitionProbs</c>).</summary>
    /// <param name="graph">The graph, which is changed.</param>
    /// <exception cref="InputException">An arc has an input label that is no transition-id of the model.</exception>
    public void AddTo(VectorFst graph)
    {
        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (ref var arc in graph.Arcs(state))
            {
                if ((uint)arc.Input >= (uint)_costs.Length)
                {
                    throw new InputException(
                        $"the graph has input label {arc.Input}, the model only transition-ids up to {_costs.Length - 1}: they do not "
                        + "belong together");
                }

                arc = arc with { Weight = arc.Weight + _costs[arc.Input] };
            }
        }
    }
}
