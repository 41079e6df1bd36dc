namespace Mimir.Decode.Lattices;

/// <summary>
/// The two costs of a path, kept apart so that they can be rescaled. The semiring is Kaldi's: less total cost is better, among
/// equals less graph cost.
/// </summary>
/// <param name="Graph">The cost of language model, lexicon and transitions.</param>
/// <param name="Acoustic">The cost of the acoustic model, times the scale of the lattice.</param>
public readonly record struct LatticeWeight(float Graph, float Acoustic)
{
    /// <summary>Gets the weight of no path at all.</summary>
    public static LatticeWeight Zero => new(float.PositiveInfinity, float.PositiveInfinity);

    /// <summary>Gets the weight of the empty path.</summary>
    public static LatticeWeight One => default;

    /// <summary>Gets the sum of both costs.</summary>
    public double Cost => (double)Graph + Acoustic;

    /// <summary>True when there is no path.</summary>
    public bool IsZero => float.IsPositiveInfinity(Graph);

    /// <summary>True when both costs are finite.</summary>
    public bool IsFinite => float.IsFinite(Graph) && float.IsFinite(Acoustic);

    /// <summary>True when this weight is strictly better than another.</summary>
    public bool IsBetterThan(LatticeWeight other) => Compare(other) > 0;

    /// <summary>1 when this weight is better than the other, -1 when worse, 0 when both costs agree.</summary>
    public int Compare(LatticeWeight other)
    {
        float mine = Graph + Acoustic, its = other.Graph + other.Acoustic;
        return mine < its ? 1 : mine > its ? -1 : Graph < other.Graph ? 1 : Graph > other.Graph ? -1 : 0;
    }

    /// <summary>The weight of this path continued by another.</summary>
    public LatticeWeight Times(LatticeWeight next) => new(Graph + next.Graph, Acoustic + next.Acoustic);

    /// <summary>The weight that continues <paramref name="first"/> to this one.</summary>
    public LatticeWeight Without(LatticeWeight first) => new(Graph - first.Graph, Acoustic - first.Acoustic);
}
