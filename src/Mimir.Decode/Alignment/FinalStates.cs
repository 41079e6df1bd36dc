using Mimir.Decode.Graphs;

namespace Mimir.Decode.Alignment;

/// <summary>The ways from the states of a graph to its final states.</summary>
public static class FinalStates
{
    /// <summary>Tests that each state leads to a final one.</summary>
    public static bool AllReach(VectorFst graph)
    {
        var incoming = Incoming(graph);
        var reaching = new bool[graph.StateCount];
        var open = new Stack<int>();
        for (var state = 0; state < graph.StateCount; state++)
        {
            if (!float.IsPositiveInfinity(graph.Final(state)))
                Visit(state);
        }

        while (open.TryPop(out var state))
        {
            foreach (var from in incoming[state])
                Visit(from);
        }

        return reaching.All(reaches => reaches);

        void Visit(int state)
        {
            if (reaching[state])
                return;

            reaching[state] = true;
            open.Push(state);
        }
    }

    /// <summary>The number of frames of the shortest path from the start to a final state; null when there is no path.</summary>
    public static int? FewestFrames(VectorFst graph)
    {
        if (graph.Start < 0)
            return null;

        // Dijkstra's algorithm for distances of 0 and 1: arcs without input go to the front of the line.
        var frames = new int[graph.StateCount];
        Array.Fill(frames, int.MaxValue);
        frames[graph.Start] = 0;
        var line = new LinkedList<int>([graph.Start]);
        int? fewest = null;
        while (line.First is { } first)
        {
            line.RemoveFirst();
            var state = first.Value;
            if (!float.IsPositiveInfinity(graph.Final(state)))
                fewest = Math.Min(fewest ?? int.MaxValue, frames[state]);

            foreach (ref readonly var arc in graph.Arcs(state))
            {
                var through = frames[state] + (arc.Input == 0 ? 0 : 1);
                if (through >= frames[arc.Next])
                    continue;

                frames[arc.Next] = through;
                if (arc.Input == 0)
                    line.AddFirst(arc.Next);
                else
                    line.AddLast(arc.Next);
            }
        }

        return fewest;
    }

    private static List<int>[] Incoming(VectorFst graph)
    {
        var incoming = new List<int>[graph.StateCount];
        for (var state = 0; state < incoming.Length; state++)
            incoming[state] = [];

        for (var state = 0; state < incoming.Length; state++)
        {
            foreach (ref readonly var arc in graph.Arcs(state))
                incoming[arc.Next].Add(state);
        }

        return incoming;
    }
}
