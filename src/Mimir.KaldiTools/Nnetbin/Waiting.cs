namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Measures how long a program waits for its data.</summary>
internal static class Waiting
{
    /// <summary>The same elements.</summary>
    /// <param name="source">The sequence.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waited">Is told of the time that each element took.</param>
    public static IEnumerable<T> Timed<T>(IEnumerable<T> source, TimeProvider time, Action<TimeSpan> waited)
    {
        using var elements = source.GetEnumerator();
        while (true)
        {
            var start = time.GetTimestamp();
            var more = elements.MoveNext();
            waited(time.GetElapsedTime(start));
            if (!more)
                yield break;

            yield return elements.Current;
        }
    }
}
