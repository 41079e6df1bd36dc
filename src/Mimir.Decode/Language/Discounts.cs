namespace Mimir.Decode.Language;

/// <summary>The absolute discounts of modified Kneser-Ney smoothing for counts of 1, 2, and 3 or more.</summary>
/// <remarks>
/// Chen and Goodman, An Empirical Study of Smoothing Techniques for Language Modeling (1998), equation 26: with n_k the number of
/// n-grams that come k times, Y = n1 / (n1 + 2 n2) and D_k = k - (k + 1) Y n_{k+1} / n_k.
/// </remarks>
internal readonly record struct Discounts(double One, double Two, double Many)
{
    /// <summary>Gets the discounts where counts give none: those that lmplz falls back to.</summary>
    public static Discounts Standard { get; } = new(0.5, 1, 1.5);

    /// <summary>Computes the discounts.</summary>
    /// <param name="counts">The counts of all n-grams of an order; zeros do not matter.</param>
    /// <returns>Null where some count from 1 to 4 does not come at all, or a discount would be below 0.</returns>
    public static Discounts? Of(IEnumerable<long> counts)
    {
        Span<double> n = stackalloc double[5];
        foreach (var count in counts)
        {
            if (count is > 0 and < 5)
                n[(int)count]++;
        }

        if (n[1] == 0 || n[2] == 0 || n[3] == 0 || n[4] == 0)
            return null;

        var y = n[1] / (n[1] + (2 * n[2]));
        var result = new Discounts(1 - (2 * y * n[2] / n[1]), 2 - (3 * y * n[3] / n[2]), 3 - (4 * y * n[4] / n[3]));
        return result is { One: >= 0, Two: >= 0, Many: >= 0 } ? result : null;
    }

    /// <summary>The discount of a count.</summary>
    public double For(long count) => count switch
    {
        0 => 0,
        1 => One,
        2 => Two,
        _ => Many,
    };
}
