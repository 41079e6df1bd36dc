using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>The pause after failures: twice as long each time, and half of it random.</summary>
/// <param name="first">The first pause.</param>
/// <param name="longest">The longest.</param>
/// <param name="seed">The seed of the random part.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, ulong seed)
{
    private readonly SeededRandom _random = new(seed);

    /// <summary>The pause after some failures, at least 1, in a row.</summary>
    public TimeSpan After(int failures)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, failures - 1)));
        return pause * (0.5 + (0.5 * _random.NextUniform()));
    }
}
