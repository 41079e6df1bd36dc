using Mimir.Decode.Lattices;

namespace Mimir.Decode.Tests.Support;

/// <summary>
/// Compares two word lattices arc by arc: both are deterministic, so states pair up along equal words.
/// </summary>
internal static class LatticeComparison
{
    public static List<string> Differences(WordLattice expected, WordLattice actual, float tolerance = 0.02f)
    {
        var differences = new List<string>();
        var seen = new HashSet<(int, int)> { (0, 0) };
        var queue = new Queue<(int Expected, int Actual)>([(0, 0)]);
        while (queue.TryDequeue(out var pair))
        {
            var here = $"state {pair.Expected}/{pair.Actual}";
            if (!Near(expected.Final(pair.Expected), actual.Final(pair.Actual), tolerance))
                differences.Add($"{here} ends with {expected.Final(pair.Expected)}, {actual.Final(pair.Actual)}");

            var theirs = expected.Arcs(pair.Expected).ToArray().ToDictionary(arc => arc.Word);
            var ours = actual.Arcs(pair.Actual).ToArray().ToDictionary(arc => arc.Word);
            foreach (var word in theirs.Keys.Except(ours.Keys))
                differences.Add($"{here} lacks word {word} {theirs[word].Weight}");

            foreach (var word in ours.Keys.Except(theirs.Keys))
                differences.Add($"{here} has word {word} {ours[word].Weight} too much");

            foreach (var word in ours.Keys.Intersect(theirs.Keys))
            {
                if (!Near(theirs[word].Weight, ours[word].Weight, tolerance))
                    differences.Add($"{here} word {word}: expected {theirs[word].Weight}, got {ours[word].Weight}");
                else if (!theirs[word].Alignment.AsSpan().SequenceEqual(ours[word].Alignment))
                    differences.Add($"{here} word {word}: another alignment");

                if (seen.Add((theirs[word].Next, ours[word].Next)))
                    queue.Enqueue((theirs[word].Next, ours[word].Next));
            }
        }

        if (expected.StateCount != actual.StateCount)
            differences.Add($"{expected.StateCount} states expected, got {actual.StateCount}");

        return differences;
    }

    private static bool Near(LatticeWeight a, LatticeWeight b, float tolerance) =>
        a.IsZero ? b.IsZero : Math.Abs(a.Graph - b.Graph) <= tolerance && Math.Abs(a.Acoustic - b.Acoustic) <= 5 * tolerance;
}
