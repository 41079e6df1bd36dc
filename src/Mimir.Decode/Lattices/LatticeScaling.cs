namespace Mimir.Decode.Lattices;

/// <summary>Factors of the two costs of a lattice.</summary>
/// <param name="Graph">Of graph costs to graph costs (Kaldi: --lm-scale).</param>
/// <param name="Acoustic">Of acoustic costs to acoustic costs (Kaldi: --acoustic-scale).</param>
/// <param name="AcousticToGraph">Of acoustic costs that are added to graph costs (Kaldi: --acoustic2lm-scale).</param>
/// <param name="GraphToAcoustic">Of graph costs that are added to acoustic costs (Kaldi: --lm2acoustic-scale).</param>
public readonly record struct LatticeScale(double Graph, double Acoustic, double AcousticToGraph = 0, double GraphToAcoustic = 0)
{
    /// <summary>Scales the costs of a weight.</summary>
    public LatticeWeight Apply(LatticeWeight weight) => weight.IsZero
        ? weight
        : new LatticeWeight(
            (float)((Graph * weight.Graph) + (AcousticToGraph * weight.Acoustic)),
            (float)((GraphToAcoustic * weight.Graph) + (Acoustic * weight.Acoustic)));
}

/// <summary>Changes the costs of lattices; their states and arcs stay.</summary>
public static class LatticeScaling
{
    /// <summary>The lattice with scaled costs.</summary>
    public static Lattice Scale(this Lattice lattice, LatticeScale scale) => lattice.Map(
        (_, arc) => arc with { Weight = scale.Apply(arc.Weight) }, (_, final) => scale.Apply(final));

    /// <summary>The word lattice with scaled costs.</summary>
    public static WordLattice Scale(this WordLattice lattice, LatticeScale scale) => lattice.Map(
        (_, arc) => arc with { Weight = scale.Apply(arc.Weight) }, (_, final) => scale.Apply(final));

    /// <summary>The word lattice with a cost added to every word (Kaldi: --word-ins-penalty).</summary>
    public static WordLattice AddPenalty(this WordLattice lattice, float penalty) => lattice.Map(
        (_, arc) => arc.Word == 0 ? arc : arc with { Weight = arc.Weight with { Graph = arc.Weight.Graph + penalty } },
        (_, final) => final);
}
