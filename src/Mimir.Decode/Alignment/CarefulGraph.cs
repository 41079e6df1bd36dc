using Mimir.Decode.Graphs;

namespace Mimir.Decode.Alignment;

/// <summary>
/// Joins a graph with a second copy of itself that has no end. A path that has passed through the graph before the audio ends goes on
/// in the copy and competes there, so that an utterance with words beyond its transcript does not reach an end.
/// </summary>
internal static class CarefulGraph
{
    public static VectorFst Make(VectorFst graph)
    {
        var joined = new VectorFst();
        for (var state = 0; state < 2 * graph.StateCount; state++)
            joined.AddState();

        // The state between the two copies is the end of both; its final cost is that of the whole.
        var middle = joined.AddState();
        joined.SetFinal(middle);
        joined.AddArc(middle, new FstArc(0, 0, 0, graph.Start + graph.StateCount));
        joined.Start = graph.Start;
        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (ref readonly var arc in graph.Arcs(state))
            {
                joined.AddArc(state, arc);
                joined.AddArc(state + graph.StateCount, arc with { Next = arc.Next + graph.StateCount });
            }

            if (graph.Final(state) is var cost && float.IsFinite(cost))
                joined.AddArc(state, new FstArc(0, 0, cost, middle));
        }

        return joined;
    }
}
