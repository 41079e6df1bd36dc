using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Optimisers;

/// <summary>The estimates for the inputs and the outputs of one matrix, and the memory for its preconditioned gradient.</summary>
internal sealed class FisherPair : IDisposable
{
    private readonly FactoredMatrix _matrix;
    private readonly RowBuffer _inputs;
    private readonly Device _device;
    private readonly ScalarType _type;
    private FisherEstimate _in, _out;
    private readonly Func<(FisherEstimate In, FisherEstimate Out)> _make;
    private Tensor? _gradient;

    /// <summary>Makes estimates that are not begun.</summary>
    public FisherPair(FactoredMatrix matrix, NaturalGradientOptions options, Device device, ScalarType type)
    {
        (_matrix, _device, _type) = (matrix, device, type);
        _inputs = new RowBuffer(matrix.Inputs);
        _inputs.Bind(device, type);

        // Kaldi's ranks are at most half of the inputs without the 1 of the bias; its convolution counts that and has one rank.
        var plain = matrix.HasBias && !matrix.OfGradient ? matrix.Inputs - 1 : matrix.Inputs;
        var (rankIn, rankOut) = (matrix.OfGradient ? options.RankOut : options.RankIn, options.RankOut);
        _make = () => (
            new(matrix.Inputs, Math.Min(rankIn, (plain + 1) / 2), options, device, type),
            new(matrix.Outputs, Math.Min(rankOut, (matrix.Outputs + 1) / 2), options, device, type));
        (_in, _out) = _make();
    }

    /// <summary>Gets the place of the statistics of this matrix among those of all.</summary>
    public required long Offset { get; init; }

    /// <summary>Gets the number of elements of its statistics.</summary>
    public int StatisticsCount => _matrix.OfGradient ? 0 : _in.StatisticsCount + _out.StatisticsCount;

    /// <summary>Gets the number of elements of its saved estimates.</summary>
    public int StateCount => _in.StateCount + _out.StateCount;

    /// <summary>True once there are estimates.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Inputs side by side with the 1 of the bias, <c>[N, D]</c>, in memory of this object.</summary>
    public Tensor SideBySide(IReadOnlyList<Tensor> inputs)
    {
        var x = _inputs.For(inputs[0].Rows);
        var at = 0;
        foreach (var part in inputs)
        {
            x.CopyColumnsFrom(part, 0, at, part.Columns);
            at += part.Columns;
        }

        if (_matrix.HasBias)
        {
            using var ones = x.narrow(1, at, 1);
            ones.fill_(Scalars.Of(1));
        }

        return x;
    }

    /// <summary>Begins the estimates, once.</summary>
    /// <param name="x">The inputs to begin with, or null.</param>
    /// <param name="y">The derivatives, or null.</param>
    public void Begin(Tensor? x, Tensor? y)
    {
        if (HasBegun)
            return;

        _in.Begin(x);
        _out.Begin(y);
        HasBegun = true;
    }

    /// <summary>Preconditions inputs and derivatives in place.</summary>
    public void Precondition(Tensor x, Tensor y, Tensor statistics, bool updates)
    {
        var (ofInputs, ofOutputs) = Parts(statistics);
        using (ofInputs)
            _in.Precondition(x, ofInputs, updates);
        using (ofOutputs)
            _out.Precondition(y, ofOutputs, updates);
    }

    /// <summary>Writes the gradient Yᵀ X to the store.</summary>
    public void Multiply(Tensor x, Tensor y, ParameterStore parameters)
    {
        if (_matrix.Slices is [var only])
        {
            parameters.GradientOf(only).AddProduct(y, true, x, false, beta: 0);
            return;
        }

        var gradient = Gradient();
        gradient.AddProduct(y, true, x, false, beta: 0);
        CopyTo(parameters, gradient);
    }

    /// <summary>Preconditions the gradient itself: its rows by the estimate for inputs, then its columns by that for outputs.</summary>
    public void PreconditionGradient(ParameterStore parameters, bool updates)
    {
        using var scope = torch.NewDisposeScope();
        var gradient = Gradient();
        var at = 0;
        foreach (var slice in _matrix.Slices)
        {
            var part = parameters.GradientOf(slice).view(_matrix.Outputs, -1);
            gradient.CopyColumnsFrom(part, 0, at, part.Columns);
            at += part.Columns;
        }

        var isFirst = !HasBegun;
        HasBegun = true;
        Apply(_in, gradient);
        var turned = gradient.t().contiguous();
        Apply(_out, turned);
        CopyTo(parameters, turned.t().contiguous());

        void Apply(FisherEstimate estimate, Tensor rows)
        {
            if (isFirst)
                estimate.Begin(rows);
            using var statistics = Tensor.Zeros(_device, [Math.Max(1, estimate.StatisticsCount)], _type);
            estimate.Precondition(rows, statistics, updates);
            rows.mul_(Scalars.Of(estimate.ScaleOf(statistics)));
            if (updates)
                estimate.Update(statistics);
        }
    }

    /// <summary>The factor that is still to be multiplied into the gradient.</summary>
    public double ScaleOf(Tensor statistics)
    {
        if (_matrix.OfGradient)
            return 1;

        var (ofInputs, ofOutputs) = Parts(statistics);
        using (ofInputs)
        {
            using (ofOutputs)
                return _in.ScaleOf(ofInputs) * _out.ScaleOf(ofOutputs);
        }
    }

    /// <summary>Updates the estimates by the statistics, where they are not updated with the gradient.</summary>
    public void Update(Tensor statistics)
    {
        if (_matrix.OfGradient)
            return;

        // A worker that has had no data yet begins with the others' statistics.
        Begin(null, null);
        var (ofInputs, ofOutputs) = Parts(statistics);
        using (ofInputs)
            _in.Update(ofInputs);
        using (ofOutputs)
            _out.Update(ofOutputs);
    }

    /// <summary>Forgets the estimates.</summary>
    public void Reset()
    {
        if (!HasBegun)
            return;

        _in.Dispose();
        _out.Dispose();
        (_in, _out) = _make();
        HasBegun = false;
    }

    /// <summary>Writes the estimates for a checkpoint.</summary>
    public void Save(Span<float> state)
    {
        _in.Save(state[.._in.StateCount]);
        _out.Save(state[_in.StateCount..]);
    }

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    public void Load(ReadOnlySpan<float> state)
    {
        _in.Load(state[.._in.StateCount]);
        _out.Load(state[_in.StateCount..]);
        HasBegun = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
        _inputs.Dispose();
        _gradient?.Dispose();
    }

    private (Tensor OfInputs, Tensor OfOutputs) Parts(Tensor statistics) => (
        statistics.Window(Offset, _in.StatisticsCount), statistics.Window(Offset + _in.StatisticsCount, _out.StatisticsCount));

    private Tensor Gradient() =>
        _gradient ??= Tensor.Zeros(_device, [_matrix.Outputs, _matrix.Inputs], _type).DetachFromDisposeScope();

    private void CopyTo(ParameterStore parameters, Tensor gradient)
    {
        var at = 0;
        foreach (var slice in _matrix.Slices)
        {
            using var target = parameters.GradientOf(slice).view(_matrix.Outputs, -1);
            target.CopyColumnsFrom(gradient, at, 0, target.Columns);
            at += target.Columns;
        }
    }
}
