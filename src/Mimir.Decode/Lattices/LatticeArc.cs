namespace Mimir.Decode.Lattices;

/// <summary>An arc of a <see cref="Lattice"/>.</summary>
/// <param name="Input">The transition-id, which stands for one frame; 0 is epsilon.</param>
/// <param name="Word">The word that begins here; 0 is none.</param>
/// <param name="Weight">The costs.</param>
/// <param name="Next">The state that the arc leads to.</param>
public readonly record struct LatticeArc(int Input, int Word, LatticeWeight Weight, int Next);
