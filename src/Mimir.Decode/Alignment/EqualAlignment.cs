using System.Text;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Decode.Alignment;

/// <summary>
/// Alignments that give each state of a random path through a graph the same number of frames, to start training with (Kaldi:
/// <c>EqualAlign</c>, with the C library's random numbers, so that the same graph and seed give the same path).
/// </summary>
public static class EqualAlignment
{
    // A random walk reaches an end sooner or later; a graph that sends it round for ever is no training graph.
    private const int MaxSteps = 10_000_000;

    /// <summary>Aligns an utterance.</summary>
    /// <param name="graph">The graph of its text; every state must lead to a final one.</param>
    /// <param name="frames">The number of frames, at least 1.</param>
    /// <param name="seed">The seed of the path; <see cref="SeedOf"/> gives Kaldi's.</param>
    /// <param name="tries">The number of paths that are drawn until one is short enough.</param>
    /// <returns>The transition-id of each frame; null, with the reason, where the utterance is too short.</returns>
    /// <exception cref="InputException">The graph is empty, or a path cannot end.</exception>
    public static (int[]? Transitions, string? Failure) Find(VectorFst graph, int frames, int seed, int tries = 10)
    {
        if (graph.Start < 0)
            throw new InputException("the graph is empty");
        if (!FinalStates.AllReach(graph))
            throw new InputException("a state of the graph leads to no final state; fstconnect removes such states");

        var random = new CLibraryRandom(seed);
        var lengths = new List<int>();
        List<(int State, int Arc)> path;
        do
        {
            path = Draw(graph, random);
            lengths.Add(path.Count(step => step.Arc >= 0 && graph.Arcs(step.State)[step.Arc].Input != 0));
        }
        while (lengths.Count < tries && lengths[^1] > frames);

        if (lengths[^1] > frames)
            return (null, $"{frames} frames are too few: paths drawn through the graph have {string.Join(", ", lengths)}");

        var loops = path.Count(step => SelfLoop(graph, step.State) != 0);
        return loops == 0 && lengths[^1] < frames
            ? (null, $"the path has no self-loops to make its {lengths[^1]} frames {frames}")
            : (Spread(graph, path, frames - lengths[^1], loops), null);
    }

    /// <summary>The seed that Kaldi's programs take for an utterance: a hash of its id's bytes.</summary>
    public static int SeedOf(string utterance)
    {
        ulong hash = 0;
        foreach (var character in Encoding.UTF8.GetBytes(utterance))
            hash = unchecked((hash * 7853) + (ulong)(sbyte)character);

        return unchecked((int)hash);
    }

    // A state's arcs and its end are equally likely; self-loops are drawn and passed over. The last step has arc -1.
    private static List<(int State, int Arc)> Draw(VectorFst graph, CLibraryRandom random)
    {
        var path = new List<(int State, int Arc)>();
        var state = graph.Start;
        for (var steps = 0; steps < MaxSteps; steps++)
        {
            var arcs = graph.Arcs(state);
            var choices = arcs.Length + (float.IsPositiveInfinity(graph.Final(state)) ? 0 : 1);
            var choice = choices == 1 ? 0 : random.Next() % choices;
            if (choice == arcs.Length)
            {
                path.Add((state, -1));
                return path;
            }

            if (arcs[choice].Next == state)
                continue;

            path.Add((state, choice));
            state = arcs[choice].Next;
        }

        throw new InputException($"{MaxSteps} random steps through the graph reached no end");
    }

    private static int[] Spread(VectorFst graph, List<(int State, int Arc)> path, int extra, int loops)
    {
        var transitions = new List<int>();
        var (each, more) = loops == 0 ? (0, 0) : Math.DivRem(extra, loops);
        foreach (var (state, arc) in path)
        {
            if (SelfLoop(graph, state) is var loop && loop != 0)
                transitions.AddRange(Enumerable.Repeat(loop, each + (more-- > 0 ? 1 : 0)));

            if (arc >= 0 && graph.Arcs(state)[arc].Input is var input && input != 0)
                transitions.Add(input);
        }

        return [.. transitions];
    }

    private static int SelfLoop(VectorFst graph, int state)
    {
        foreach (ref readonly var arc in graph.Arcs(state))
        {
            if (arc.Next == state && arc.Input != 0)
                return arc.Input;
        }

        return 0;
    }
}
