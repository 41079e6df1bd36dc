using Mimir.Base;

namespace Mimir.Kaldi.Alignments;

/// <summary>Draws paths of a given length through the HMM of a phone.</summary>
internal static class RandomPaths
{
    /// <summary>Draws a path: at each state all arcs from which the end can be met in time are as likely.</summary>
    /// <param name="path">Receives a transition-id for each frame, self-loops before the arc that leaves.</param>
    /// <param name="phone">The phone.</param>
    /// <param name="topology">Its topology.</param>
    /// <param name="idOf">The transition-id of an arc of a state.</param>
    /// <param name="seed">The seed of the draws.</param>
    /// <exception cref="InputException">No path has this length, or a state of the topology emits nothing.</exception>
    public static void Draw(Span<int> path, int phone, HmmTopology topology, Func<int, int, int> idOf, int seed)
    {
        var states = topology.EntryOf(phone).States;
        if (states.SkipLast(1).Any(state => state.ForwardPdfClass < 0))
            throw new InputException($"phone {phone} has a state without a distribution, through which no alignment is drawn.");

        // From which states the end is met after the frames that are left.
        var reaches = new bool[path.Length + 1, states.Count];
        reaches[0, states.Count - 1] = true;
        for (var left = 1; left <= path.Length; left++)
        {
            for (var state = 0; state < states.Count - 1; state++)
                reaches[left, state] = states[state].Transitions.Any(arc => reaches[left - 1, arc.State]);
        }

        if (!reaches[path.Length, 0])
            throw new InputException($"phone {phone} has no path of {path.Length} frames.");

        var random = SeededRandom.Of(0, (ulong)seed);
        for (var (frame, state) = (0, 0); frame < path.Length; frame++)
        {
            var left = path.Length - frame - 1;
            int[] arcs = [.. Enumerable.Range(0, states[state].Transitions.Count)
                .Where(arc => reaches[left, states[state].Transitions[arc].State])];
            var chosen = random.OneOf(arcs);
            path[frame] = idOf(state, chosen);
            state = states[state].Transitions[chosen].State;
        }
    }
}
