using Mimir.Decode.Graphs;

namespace Mimir.Decode.Alignment;

/// <summary>The last step of a path: an arc, and the step before it.</summary>
/// <param name="Cost">The cost of the path to the end of the arc.</param>
/// <param name="Previous">The step before, -1 at the start.</param>
/// <param name="Arc">The arc, with the graph's part of the cost.</param>
internal readonly record struct Trace(double Cost, int Previous, FstArc Arc);

/// <summary>
/// The paths of a search as a tree of steps in one array. A step comes after the one that it continues, so that steps on no living
/// path can be removed in one sweep.
/// </summary>
internal sealed class TraceStore
{
    private const int FirstLimit = 1 << 16;

    private Trace[] _traces = new Trace[1024];
    private int _limit = FirstLimit;

    /// <summary>Gets the number of steps.</summary>
    public int Count { get; private set; }

    /// <summary>True when so many steps were added that a sweep pays.</summary>
    public bool IsFull => Count >= _limit;

    public ref readonly Trace this[int trace] => ref _traces[trace];

    public void Clear() => (Count, _limit) = (0, FirstLimit);

    public int Add(double cost, int previous, FstArc arc)
    {
        if (Count == _traces.Length)
            Array.Resize(ref _traces, 2 * Count);

        _traces[Count] = new Trace(cost, previous, arc);
        return Count++;
    }

    /// <summary>Removes the steps on no path to a living one.</summary>
    /// <param name="living">The tokens to keep, with the last step of each.</param>
    /// <returns>The new number of each old step; -1 for those that are gone.</returns>
    public int[] Compact(ReadOnlySpan<(int State, int Trace)> living)
    {
        var numbers = new int[Count];
        foreach (var (_, trace) in living)
            numbers[trace] = 1;

        for (var trace = Count - 1; trace >= 0; trace--)
        {
            if (numbers[trace] != 0 && _traces[trace].Previous >= 0)
                numbers[_traces[trace].Previous] = 1;
        }

        var kept = 0;
        for (var trace = 0; trace < numbers.Length; trace++)
        {
            if (numbers[trace] == 0)
            {
                numbers[trace] = -1;
                continue;
            }

            var previous = _traces[trace].Previous;
            _traces[kept] = _traces[trace] with { Previous = previous < 0 ? -1 : numbers[previous] };
            numbers[trace] = kept++;
        }

        Count = kept;
        _limit = Math.Max(FirstLimit, 2 * kept);
        return numbers;
    }
}
