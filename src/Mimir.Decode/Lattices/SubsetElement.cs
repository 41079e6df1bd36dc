namespace Mimir.Decode.Lattices;

/// <summary>An element of the subset behind a determinized state.</summary>
/// <param name="State">A state of the lattice that is determinized.</param>
/// <param name="String">The labels of the path to it beyond those on output arcs.</param>
/// <param name="Weight">Its cost beyond that on output arcs.</param>
internal readonly record struct SubsetElement(int State, int String, LatticeWeight Weight);

/// <summary>Equality of subsets: the same states and strings, weights equal within a tolerance.</summary>
internal sealed class SubsetComparer : IEqualityComparer<SubsetElement[]>
{
    // OpenFst's default tolerance.
    private const float Tolerance = 1f / 1024;

    public bool Equals(SubsetElement[]? x, SubsetElement[]? y)
    {
        if (x is null || y is null || x.Length != y.Length)
            return ReferenceEquals(x, y);

        for (var i = 0; i < x.Length; i++)
        {
            if (x[i].State != y[i].State || x[i].String != y[i].String || !Near(x[i].Weight, y[i].Weight))
                return false;
        }

        return true;
    }

    public int GetHashCode(SubsetElement[] obj)
    {
        var hash = 0;
        foreach (var element in obj)
            hash = (hash * 31) + (element.State * 102763) + element.String;

        return hash;
    }

    private static bool Near(LatticeWeight a, LatticeWeight b) =>
        a == b || Math.Abs(a.Graph + a.Acoustic - (b.Graph + b.Acoustic)) <= Tolerance;
}
