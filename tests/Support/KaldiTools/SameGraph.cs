using Mimir.Decode.Graphs;

namespace Mimir.Tests.Support;

/// <summary>Compares graphs whose states may have other numbers.</summary>
internal static class SameGraph
{
    /// <summary>
    /// Walks both graphs together from their starts; the arcs of two states are compared in the order of labels and costs.
    /// </summary>
    /// <returns>The first difference; null for none.</returns>
    public static string? But(VectorFst expected, VectorFst got, float tolerance)
    {
        if (expected.StateCount != got.StateCount || expected.ArcCount != got.ArcCount)
            return $"expected {expected.StateCount} states and {expected.ArcCount} arcs, got {got.StateCount} and {got.ArcCount}";

        var partner = new Dictionary<int, int> { [expected.Start] = got.Start };
        var open = new Queue<int>([expected.Start]);
        while (open.TryDequeue(out var state))
        {
            var other = partner[state];
            if (!Near(expected.Final(state), got.Final(other), tolerance))
                return $"state {state}: expected final cost {expected.Final(state)}, got {got.Final(other)}";

            var (left, right) = (Sorted(expected, state), Sorted(got, other));
            if (left.Length != right.Length)
                return $"state {state}: expected {left.Length} arcs, got {right.Length}";

            foreach (var (wanted, found) in left.Zip(right))
            {
                if ((wanted.Input, wanted.Output) != (found.Input, found.Output) || !Near(wanted.Weight, found.Weight, tolerance))
                    return $"state {state}: expected {wanted}, got {found}";

                if (partner.TryAdd(wanted.Next, found.Next))
                    open.Enqueue(wanted.Next);
                else if (partner[wanted.Next] != found.Next)
                    return $"state {state}: {wanted} and {found} lead to states that are not the same";
            }
        }

        return null;
    }

    private static bool Near(float expected, float got, float tolerance) =>
        expected.Equals(got) || Math.Abs(expected - got) <= tolerance * (1 + Math.Abs(expected));

    private static FstArc[] Sorted(VectorFst graph, int state) =>
        [.. graph.Arcs(state).ToArray().OrderBy(arc => arc.Input).ThenBy(arc => arc.Output).ThenBy(arc => arc.Weight)];
}
