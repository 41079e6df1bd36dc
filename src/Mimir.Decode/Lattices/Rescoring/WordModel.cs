namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>
/// Costs of words as a transducer whose arcs are asked for by their input: the right side of a composition. States are numbers of
/// the model's own.
/// </summary>
public abstract class WordModel
{
    /// <summary>Gets the start state; -1 when the model accepts nothing.</summary>
    public abstract int Start { get; }

    /// <summary>The weight of ending in a state; <see cref="LatticeWeight.Zero"/> when it is no end.</summary>
    public abstract LatticeWeight Final(int state);

    /// <summary>Adds the arcs of a state that have a label: its cost in the arc's weight, its output as the arc's word.</summary>
    /// <param name="state">The state.</param>
    /// <param name="label">The input label; 0 for arcs that take no word.</param>
    /// <param name="arcs">Receives the arcs.</param>
    public abstract void Find(int state, int label, List<LatticeArc> arcs);
}

/// <summary>Words that cost what they cost on another lattice: its inputs are matched, its outputs replace them.</summary>
public sealed class LatticeModel : WordModel
{
    private readonly Lattice _lattice;
    private readonly LatticeArc[][] _sorted;

    /// <summary>Creates a model.</summary>
    /// <param name="lattice">A lattice, mostly of words on both sides (<see cref="LatticeProjection.Words"/>).</param>
    public LatticeModel(Lattice lattice)
    {
        _lattice = lattice;
        _sorted = [.. Enumerable.Range(0, lattice.StateCount)
            .Select(state => lattice.Arcs(state).ToArray().OrderBy(arc => arc.Input).ToArray())];
    }

    /// <inheritdoc/>
    public override int Start => _lattice.StateCount == 0 ? -1 : 0;

    /// <inheritdoc/>
    public override LatticeWeight Final(int state) => _lattice.Final(state);

    /// <inheritdoc/>
    public override void Find(int state, int label, List<LatticeArc> arcs)
    {
        foreach (var arc in _sorted[state].Where(arc => arc.Input == label))
            arcs.Add(arc);
    }
}

/// <summary>Puts the labels of one side of a lattice on both.</summary>
public static class LatticeProjection
{
    /// <summary>A lattice of words on both sides, without alignments (Kaldi: lattice-project).</summary>
    public static Lattice Words(WordLattice lattice) => lattice.WithoutAlignments().ToLattice().Map(
        (_, arc) => arc with { Input = arc.Word }, (_, final) => final);

    /// <summary>A lattice of transition-ids on both sides.</summary>
    public static Lattice Transitions(Lattice lattice) => lattice.Map(
        (_, arc) => arc with { Word = arc.Input }, (_, final) => final);

    /// <summary>A word lattice without its transition-ids (Kaldi: lattice-rmali).</summary>
    public static WordLattice WithoutAlignments(this WordLattice lattice) => lattice.MapAlignments(_ => []);
}
