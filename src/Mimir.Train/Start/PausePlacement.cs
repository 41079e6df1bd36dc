namespace Mimir.Train.Start;

/// <summary>A part of an utterance.</summary>
/// <param name="First">Its first word; with <paramref name="Last"/> equal to it, the part is a pause.</param>
/// <param name="Last">The word behind its last one.</param>
/// <param name="Begin">Its first frame.</param>
/// <param name="End">The frame behind its last one.</param>
internal readonly record struct UtterancePart(int First, int Last, int Begin, int End)
{
    /// <summary>True when the part is a pause.</summary>
    public bool IsPause => First == Last;
}

/// <summary>
/// Finds the pauses of an utterance by its energy, and the words between them by their lengths: the first guess from which a network
/// can learn what silence is. Pure.
/// </summary>
internal static class PausePlacement
{
    private const double Height = 0.35;
    private const int LeastPause = 8;
    private const int Half = 2;
    private const double CostOfPassedFrame = 0.5;

    /// <summary>The stretches of low energy.</summary>
    /// <param name="energies">The logarithm of each frame's energy.</param>
    /// <returns>Begin and end of each, at least <c>8</c> frames long.</returns>
    public static List<(int Begin, int End)> Find(ReadOnlySpan<float> energies)
    {
        if (energies.Length == 0)
            return [];

        var sorted = energies.ToArray();
        Array.Sort(sorted);
        var (low, high) = (sorted[sorted.Length / 10], sorted[sorted.Length * 9 / 10]);
        var threshold = low + (Height * (high - low));
        var pauses = new List<(int Begin, int End)>();
        var begin = -1;
        for (var frame = 0; frame <= energies.Length; frame++)
        {
            var isLow = frame < energies.Length && Average(energies, frame) < threshold;
            if (isLow && begin < 0)
                begin = frame;
            if (isLow || begin < 0)
                continue;

            if (frame - begin >= LeastPause)
                pauses.Add((begin, frame));
            begin = -1;
        }

        return pauses;
    }

    /// <summary>Divides an utterance into pauses and the words between them, so that words take as long as their phones want.</summary>
    /// <param name="frames">The frames of the utterance.</param>
    /// <param name="pauses">The pauses, in order; some may turn out to be none.</param>
    /// <param name="phones">The number of phones of each word.</param>
    /// <param name="states">The least frames of a phone.</param>
    /// <param name="silenceStates">The least frames of a pause.</param>
    /// <returns>The parts in order; null where the words do not fit.</returns>
    public static List<UtterancePart>? Divide(
        int frames, IReadOnlyList<(int Begin, int End)> pauses, IReadOnlyList<int> phones, int states, int silenceStates)
    {
        var usable = pauses.Where(pause => pause.End - pause.Begin >= silenceStates).ToList();
        var before = new int[phones.Count + 1];
        for (var word = 0; word < phones.Count; word++)
            before[word + 1] = before[word] + phones[word];

        var wanted = (double)Math.Max(1, frames - usable.Sum(pause => pause.End - pause.Begin)) / Math.Max(1, before[^1]);

        // Points are the pauses with the ends of the utterance around them; the first stands before all words, the last behind them.
        List<(int Begin, int End)> points = [(0, 0), .. usable, (frames, frames)];
        var best = new double[points.Count, phones.Count + 1];
        var from = new (int Point, int Word)[points.Count, phones.Count + 1];
        for (var point = 1; point < points.Count; point++)
        {
            for (var word = 0; word <= phones.Count; word++)
                best[point, word] = double.PositiveInfinity;
        }

        for (var word = 1; word <= phones.Count; word++)
            best[0, word] = double.PositiveInfinity;

        for (var point = 1; point < points.Count; point++)
        {
            for (var word = 0; word <= phones.Count; word++)
            {
                var passed = 0.0;
                for (var old = point - 1; old >= 0; old--)
                {
                    for (var first = 0; first <= word; first++)
                    {
                        var cost = best[old, first] + passed + CostOf(points[old].End, points[point].Begin, before[word] - before[first]);
                        if (cost < best[point, word])
                            (best[point, word], from[point, word]) = (cost, (old, first));
                    }

                    passed += CostOfPassedFrame * (points[old].End - points[old].Begin);
                }
            }
        }

        return double.IsInfinity(best[points.Count - 1, phones.Count]) ? null : Trace(points, from, phones.Count);

        double CostOf(int begin, int end, int spoken)
        {
            if (spoken == 0)
                return begin == end ? 0 : double.PositiveInfinity;
            if (end - begin < states * spoken)
                return double.PositiveInfinity;

            var want = wanted * spoken;
            return (end - begin - want) * (end - begin - want) / want;
        }
    }

    private static List<UtterancePart> Trace(List<(int Begin, int End)> points, (int Point, int Word)[,] from, int words)
    {
        var parts = new List<UtterancePart>();
        for (var (point, word) = (points.Count - 1, words); point > 0;)
        {
            var (old, first) = from[point, word];
            if (points[point].End > points[point].Begin)
                parts.Add(new(word, word, points[point].Begin, points[point].End));
            if (word > first)
                parts.Add(new(first, word, points[old].End, points[point].Begin));
            (point, word) = (old, first);
        }

        parts.Reverse();
        return parts;
    }

    private static double Average(ReadOnlySpan<float> energies, int frame)
    {
        var (begin, end) = (Math.Max(0, frame - Half), Math.Min(energies.Length, frame + Half + 1));
        var sum = 0.0;
        foreach (var energy in energies[begin..end])
            sum += energy;

        return sum / (end - begin);
    }
}
