namespace Mimir.Decode.Lattices;

/// <summary>A state of a determinized lattice while it is made.</summary>
/// <param name="Subset">What it stands for.</param>
/// <param name="ForwardCost">The cost of the best path to it.</param>
internal sealed record OutputState(SubsetElement[] Subset, double ForwardCost)
{
    /// <summary>Gets the arcs made so far; an end is an arc to <see cref="OutputArc.End"/>.</summary>
    public List<OutputArc> Arcs { get; } = [];
}

/// <summary>An arc of a determinized lattice while it is made.</summary>
internal readonly record struct OutputArc(int Label, int String, LatticeWeight Weight, int Next)
{
    public const int End = -1;
}
