using Mimir.Decode.Lattices;

namespace Mimir.Train.Evaluation;

/// <summary>A decoded set.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Lattices">A word lattice for each utterance, acoustic costs unscaled.</param>
/// <param name="Frames">The frames decoded.</param>
/// <param name="Incomplete">Utterances with no path, or none that ends where the graph does.</param>
/// <param name="Seconds">How long it took, in seconds of the clock on the wall.</param>
public sealed record SetDecoding(
    string Set, IReadOnlyDictionary<string, WordLattice> Lattices, long Frames, int Incomplete, double Seconds);
