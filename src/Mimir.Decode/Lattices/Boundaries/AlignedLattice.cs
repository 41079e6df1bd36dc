namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>A lattice whose arcs end where words, or phones, end.</summary>
/// <param name="Lattice">The lattice; empty where nothing of it could be aligned.</param>
/// <param name="Faults">What is wrong with it, such as a word that ends within a phone; none where all is well.</param>
public sealed record AlignedLattice(WordLattice Lattice, IReadOnlyList<string> Faults)
{
    /// <summary>True when the lattice is aligned as a whole.</summary>
    public bool IsComplete => Faults.Count == 0;
}
