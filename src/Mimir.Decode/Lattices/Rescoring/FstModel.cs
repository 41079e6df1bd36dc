using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Lattices.Rescoring;

/// <summary>A language model as a transducer, such as G.fst. Its costs count as graph costs.</summary>
public sealed class FstModel : WordModel
{
    private readonly VectorFst _fst;
    private readonly LabelLookup _arcs;
    private readonly int _phi;
    private readonly int _rho;

    /// <summary>Creates a model.</summary>
    /// <param name="fst">The transducer, whose arcs are sorted by input here if they are not.</param>
    /// <param name="phi">The input label of back-off arcs, which are taken only where a state has no arc for a word; 0 for none, so
    /// that back-off arcs without label are taken beside others.</param>
    /// <param name="rho">The input label of arcs that take any word for which a state has no arc; 0 for none.</param>
    /// <exception cref="InputException">Back-off arcs form a loop.</exception>
    public FstModel(VectorFst fst, int phi = 0, int rho = 0)
    {
        if (!ArcOrder.IsByInput(fst))
            ArcOrder.SortByInput(fst);

        (_fst, _phi, _rho) = (fst, phi, rho);
        _arcs = new LabelLookup(fst, byOutput: false);
    }

    /// <inheritdoc/>
    public override int Start => _fst.Start;

    /// <inheritdoc/>
    public override LatticeWeight Final(int state)
    {
        var cost = 0f;
        for (var steps = 0; float.IsPositiveInfinity(_fst.Final(state)); steps++)
        {
            var backOff = _phi > 0 ? _arcs.Find(state, _phi) : [];
            if (backOff.Length == 0)
                return LatticeWeight.Zero;

            (cost, state) = (cost + backOff[0].Weight, Checked(backOff[0].Next, steps));
        }

        return new LatticeWeight(cost + _fst.Final(state), 0);
    }

    /// <inheritdoc/>
    public override void Find(int state, int label, List<LatticeArc> arcs)
    {
        var cost = 0f;
        for (var steps = 0; ; steps++)
        {
            var found = _arcs.Find(state, label);
            foreach (ref readonly var arc in found)
                arcs.Add(new LatticeArc(label, arc.Output, new LatticeWeight(cost + arc.Weight, 0), arc.Next));

            if (found.Length > 0 || label == 0)
                return;

            var backOff = _phi > 0 ? _arcs.Find(state, _phi) : [];
            if (backOff.Length == 0)
                break;

            (cost, state) = (cost + backOff[0].Weight, Checked(backOff[0].Next, steps));
        }

        foreach (ref readonly var arc in _rho > 0 ? _arcs.Find(state, _rho) : [])
            arcs.Add(new LatticeArc(label, arc.Output == _rho ? label : arc.Output, new LatticeWeight(cost + arc.Weight, 0), arc.Next));
    }

    private int Checked(int next, int steps) => steps <= _fst.StateCount
        ? next
        : throw new InputException($"state {next}: back-off arcs with label {_phi} form a loop");
}
