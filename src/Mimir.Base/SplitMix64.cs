namespace Mimir.Base;

/// <summary>Turns a seed, or several numbers, into well-mixed 64-bit numbers.</summary>
/// <remarks>G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.</remarks>
public static class SplitMix64
{
    /// <summary>Steps a state and returns its next number.</summary>
    /// <param name="state">The state; any number seeds it.</param>
    public static ulong Next(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number that depends on all of a few: a key for a counter-based generator.</summary>
    /// <param name="parts">For example seed, step and node.</param>
    public static ulong Combine(params ReadOnlySpan<ulong> parts)
    {
        ulong state = 0;
        foreach (var part in parts)
        {
            state ^= part;
            state = Next(ref state);
        }

        return state;
    }
}
