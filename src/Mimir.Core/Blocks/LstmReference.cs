using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>One direction of an LSTM layer, step by step as in <see cref="LstmSpec"/>, on any device and with any element type.</summary>
/// <remarks>
/// The workspace carries what the backward pass needs from the forward pass. Made and used within one dispose scope.
/// </remarks>
internal sealed class LstmReference
{
    private readonly LstmSpec _spec;
    private readonly PackedSteps _steps;
    private readonly Tensor?[] _peepholes;
    private readonly Tensor _wX, _wR, _bias;
    private readonly Tensor? _wP;

    // [N, 4C] in the order g, i, f, o; the cells, their tanh, and this times the output gate, [N, C] each; what the sequences
    // start from, [S, C] and [S, R].
    private readonly Tensor _gates, _cells, _hidden, _memory, _cells0, _output0;

    /// <summary>Divides the workspace.</summary>
    /// <param name="spec">The options of the layer.</param>
    /// <param name="layout">The sequences of the batch.</param>
    /// <param name="reverse">True for the direction from the last frame to the first.</param>
    /// <param name="values">The matrices w-x and w-r, the bias, three peepholes, w-p; null where the layer has none.</param>
    /// <param name="workspace">At least <see cref="WorkspaceSize"/> elements.</param>
    public LstmReference(LstmSpec spec, SequenceLayout layout, bool reverse, Tensor?[] values, Tensor workspace)
    {
        (_spec, _steps) = (spec, new PackedSteps(layout, reverse));
        (_wX, _wR, _bias, _peepholes, _wP) = (values[0]!, values[1]!, values[2]!, values[3..6], values[6]);
        long at = 0;
        _gates = Next(layout.Rows, 4 * spec.Cells);
        _cells = Next(layout.Rows, spec.Cells);
        _hidden = Next(layout.Rows, spec.Cells);
        _memory = Next(layout.Rows, spec.Cells);
        _cells0 = Next(layout.Sequences, spec.Cells);
        _output0 = Next(layout.Sequences, spec.Outputs);

        Tensor Next(long rows, long columns)
        {
            var part = workspace.Window(at, rows, columns);
            at += rows * columns;
            return part;
        }
    }

    /// <summary>The number of elements of the workspace.</summary>
    public static long WorkspaceSize(LstmSpec spec, SequenceLayout layout) =>
        (7L * layout.Rows * spec.Cells) + ((long)layout.Sequences * (spec.Cells + spec.Outputs));

    /// <summary>Computes the outputs of all steps.</summary>
    /// <param name="x">The inputs, <c>[N, I]</c>.</param>
    /// <param name="y">The outputs of this direction, <c>[N, R]</c>.</param>
    /// <param name="state">The state of the streams, <c>[streams, C + R]</c>, or null.</param>
    public void Forward(Tensor x, Tensor y, Tensor? state)
    {
        _steps.Load(state?.narrow(1, 0, _spec.Cells), _cells0);
        _steps.Load(state?.narrow(1, _spec.Cells, _spec.Outputs), _output0);

        // The input products of all steps at once.
        _gates.copy_(_bias);
        _gates.addmm_(x, _wX.t());
        foreach (var t in _steps.InOrder)
            ForwardStep(t, y);

        _steps.Save(_cells, state?.narrow(1, 0, _spec.Cells));
        _steps.Save(y, state?.narrow(1, _spec.Cells, _spec.Outputs));
    }

    /// <summary>Computes the gradients, after a forward pass over the same batch.</summary>
    /// <param name="x">The inputs, <c>[N, I]</c>.</param>
    /// <param name="y">The outputs of this direction, <c>[N, R]</c>.</param>
    /// <param name="dy">The gradient at the outputs, which becomes that of all that follows from them.</param>
    /// <param name="dx">The gradient of the inputs, to add to; or null.</param>
    /// <param name="gradients">The gradients to write, in the order of the values.</param>
    public void Backward(Tensor x, Tensor y, Tensor dy, Tensor? dx, Tensor?[] gradients)
    {
        var cellsBefore = _steps.AllBefore(_cells, _cells0);
        var (dGates, dCells) = (_gates.empty_like(), _cells.empty_like());
        foreach (var t in _steps.InOrder.Reverse())
            BackwardStep(t, cellsBefore, dy, dGates, dCells);

        dx?.addmm_(dGates, _wX);
        gradients[0]!.copy_(dGates.t().mm(x));
        gradients[1]!.copy_(dGates.t().mm(_steps.AllBefore(y, _output0)));
        gradients[2]!.copy_(dGates.sum(dim: 0));
        if (_spec.Peepholes)
        {
            // Input and forget gate see the cells before the step, the output gate those after it.
            gradients[3]!.copy_((Gate(dGates, 1) * cellsBefore).sum(dim: 0));
            gradients[4]!.copy_((Gate(dGates, 2) * cellsBefore).sum(dim: 0));
            gradients[5]!.copy_((Gate(dGates, 3) * _cells).sum(dim: 0));
        }

        gradients[6]?.copy_(dy.t().mm(_memory));

        // As the kernel leaves the workspace.
        _gates.copy_(dGates);
    }

    /// <summary>The factors of the gradients, after the backward pass of the kernel or of this class.</summary>
    /// <inheritdoc cref="Backward"/>
    public IEnumerable<GradientFactors> Factors(Tensor x, Tensor y, Tensor dy)
    {
        yield return new([x, _steps.AllBefore(y, _output0)], _gates);
        if (_wP is not null)
            yield return new([_memory], dy.contiguous());
    }

    private void ForwardStep(int t, Tensor y)
    {
        using var scope = torch.NewDisposeScope();
        var gates = _steps.Of(_gates, t);
        gates.addmm_(_steps.Before(y, _output0, t), _wR.t());
        var cellsBefore = _steps.Before(_cells, _cells0, t);
        var (g, i, f, o) = (Gate(gates, 0), Gate(gates, 1), Gate(gates, 2), Gate(gates, 3));
        if (_spec.Peepholes)
        {
            i.Accumulate(cellsBefore * _peepholes[0]!);
            f.Accumulate(cellsBefore * _peepholes[1]!);
        }

        g.tanh_();
        i.sigmoid_();
        f.sigmoid_();
        var cells = _steps.Of(_cells, t);
        cells.copy_((g * i).Plus(f * cellsBefore));
        Clip(cells, _spec.CellClip);
        if (_spec.Peepholes)
            o.Accumulate(cells * _peepholes[2]!);
        o.sigmoid_();

        var (hidden, memory) = (_steps.Of(_hidden, t), _steps.Of(_memory, t));
        hidden.copy_(cells.tanh());
        memory.copy_(o * hidden);
        _steps.Of(y, t).copy_(_wP is null ? memory : memory.mm(_wP.t()));
    }

    private void BackwardStep(int t, Tensor allCellsBefore, Tensor dy, Tensor dGates, Tensor dCells)
    {
        using var scope = torch.NewDisposeScope();
        var (gates, hidden, cellsBefore) = (_steps.Of(_gates, t), _steps.Of(_hidden, t), _steps.Of(allCellsBefore, t));
        var (g, i, f, o) = (Gate(gates, 0), Gate(gates, 1), Gate(gates, 2), Gate(gates, 3));

        // What the gates of the step after contribute to the output.
        var dr = _steps.Of(dy, t);
        var dGatesAfter = _steps.After(dGates, t);
        if (dGatesAfter is not null)
            dr.RowRange(0, dGatesAfter.Rows).addmm_(dGatesAfter, _wR);
        var dm = _wP is null ? dr : dr.mm(_wP);

        var own = _steps.Of(dGates, t);
        var dO = Gate(own, 3);
        dO.copy_(dm * hidden * o * o.OneMinus());

        // The cells, from the output of this step and from the cells and gates of the step after.
        var dc = _steps.Of(dCells, t);
        dc.copy_(dm * o * (hidden * hidden).OneMinus());
        if (dGatesAfter is not null)
        {
            var carried = dc.RowRange(0, dGatesAfter.Rows);
            carried.Accumulate(_steps.After(dCells, t)! * Gate(_steps.After(_gates, t)!, 2));
            if (_spec.Peepholes)
                carried.Accumulate((Gate(dGatesAfter, 1) * _peepholes[0]!).Plus(Gate(dGatesAfter, 2) * _peepholes[1]!));
        }

        if (_spec.Peepholes)
            dc.Accumulate(dO * _peepholes[2]!);
        Clip(dc, _spec.CellDiffClip);

        Gate(own, 2).copy_(dc * cellsBefore * f * f.OneMinus());
        Gate(own, 1).copy_(dc * g * i * i.OneMinus());
        Gate(own, 0).copy_(dc * i * (g * g).OneMinus());
        Clip(own, _spec.DiffClip);
    }

    private Tensor Gate(Tensor gates, int gate) => gates.narrow(1, (long)gate * _spec.Cells, _spec.Cells);

    private static void Clip(Tensor tensor, double limit)
    {
        if (limit > 0)
            tensor.clamp_(Scalars.Of(-limit), Scalars.Of(limit));
    }
}
