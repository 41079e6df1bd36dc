using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A layer of long short-term memory with optional peepholes and projection. It needs sequences.</summary>
/// <remarks>
/// H. Sak et al.: Long short-term memory recurrent neural network architectures for large scale acoustic modeling, 2014;
/// gates, clipping and initial values as in nnet1's LstmProjected. Truncated batches carry its state by stream. With C cells
/// and R outputs a step is
/// <code>
/// g = tanh(Wx_g x(t) + Wr_g r(t-1) + b_g)                       candidate
/// i = sigmoid(Wx_i x(t) + Wr_i r(t-1) + p_i c(t-1) + b_i)       input gate
/// f = sigmoid(Wx_f x(t) + Wr_f r(t-1) + p_f c(t-1) + b_f)       forget gate
/// c(t) = clip(g i + f c(t-1), cell-clip)                        cells
/// o = sigmoid(Wx_o x(t) + Wr_o r(t-1) + p_o c(t) + b_o)         output gate
/// m = o tanh(c(t)),  r(t) = Wp m, or m without a projection     output
/// </code>
/// </remarks>
/// <param name="Cells">The number of memory cells of a direction.</param>
public record LstmSpec([property: Option("dim", Min = 1, Max = 1 << 20, Required = true)] int Cells) : BlockSpec
{
    /// <summary>
    /// The number of outputs of a direction, a linear projection of the outputs of the cells; 0 is no projection, one output a cell.
    /// </summary>
    [JsonRequired]
    [Option("projection", Min = 0, Max = 1 << 20)]
    public int Projection { get; init; }

    /// <summary>Peepholes: connections from the cells to the gates.</summary>
    [JsonRequired]
    [Option("peepholes")]
    public bool Peepholes { get; init; } = true;

    /// <summary>The largest magnitude of a cell; 0 is no limit.</summary>
    [JsonRequired]
    [Option("cell-clip", Min = 0)]
    public float CellClip { get; init; } = 50;

    /// <summary>The largest magnitude of the derivative of a gate in a frame; 0 is no limit.</summary>
    [JsonRequired]
    [Option("diff-clip", Min = 0)]
    public float DiffClip { get; init; } = 1;

    /// <summary>The largest magnitude of the derivative of a cell in a frame; 0 is no limit.</summary>
    [JsonRequired]
    [Option("cell-diff-clip", Min = 0)]
    public float CellDiffClip { get; init; }

    /// <summary>The largest magnitude of the gradient of a parameter in a step, momentum included; 0 is no limit.</summary>
    [JsonRequired]
    [Option("grad-clip", Min = 0)]
    public float GradClip { get; init; } = 250;

    /// <summary>Initial parameters are uniform between minus and plus this number.</summary>
    [JsonRequired]
    [Option("param-range", Min = 0)]
    public float ParamRange { get; init; } = 0.1f;

    /// <summary>The number that is added to the initial biases of the forget gates.</summary>
    [JsonRequired]
    [Option("forget-bias")]
    public float ForgetBias { get; init; }

    /// <summary>The factor on the learning rate of the weights.</summary>
    [JsonRequired]
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>The factor on the learning rate of biases and peepholes.</summary>
    [JsonRequired]
    [Option("bias-learn-rate-coef", Min = 0)]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the number of outputs of one direction.</summary>
    [JsonIgnore]
    public int Outputs => Projection > 0 ? Projection : Cells;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LstmBlock(this, inputDim, [""]);
}

/// <summary>Two <see cref="LstmSpec"/> layers over the same sequences, one in each direction of time, their outputs side by side.</summary>
/// <remarks>
/// nnet1's BlstmProjected. A truncated batch carries the state of the forward half; the backward half sees the batch alone.
/// </remarks>
public sealed record BlstmSpec : LstmSpec
{
    /// <summary>Creates the options, with 1 added to the initial forget biases as in nnet1.</summary>
    /// <param name="Cells">The number of memory cells of a direction.</param>
    public BlstmSpec(int Cells)
        : base(Cells) => ForgetBias = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LstmBlock(this, inputDim, ["forward.", "backward."]);
}

/// <summary>
/// Computes an <see cref="LstmSpec"/> or a <see cref="BlstmSpec"/>: all steps of all directions in one call of a kernel each way,
/// or by <see cref="LstmReference"/>.
/// </summary>
internal sealed class LstmBlock : Block
{
    private const int ParameterKinds = 7;
    private readonly LstmSpec _spec;
    private readonly int _inputDim;
    private readonly RecurrentBuffers[] _buffers;
    private readonly bool _reversed;
    private Tensor?[][] _values = [], _gradients = [];

    /// <summary>Checks the options.</summary>
    /// <param name="spec">The options.</param>
    /// <param name="inputDim">The number of values of an input frame.</param>
    /// <param name="directions">The prefix of the parameters of each direction: the first goes forward in time, the second back.</param>
    /// <param name="reversed">True when the only direction goes back in time.</param>
    public LstmBlock(LstmSpec spec, int inputDim, string[] directions, bool reversed = false)
        : base(spec.Outputs * directions.Length)
    {
        if (spec.Cells < 1 || spec.Projection < 0)
        {
            throw new ArgumentException(
                $"a recurrent layer needs at least 1 cell and no negative projection, got {spec.Cells} and {spec.Projection}");
        }

        if (!(spec.CellClip >= 0 && spec.DiffClip >= 0 && spec.CellDiffClip >= 0 && spec.GradClip >= 0))
            throw new ArgumentException("the clipping of a recurrent layer must not be negative; 0 is none");

        (_spec, _inputDim, _reversed) = (spec, inputDim, reversed);
        Parameters = [.. directions.SelectMany(Declare)];

        // Only a direction that goes forward can carry state: its cells and outputs.
        _buffers = [.. directions.Select((_, direction) => new RecurrentBuffers(
            direction == 0 && !reversed ? spec.Cells + spec.Outputs : 0, WorkspaceSize))];
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters { get; }

    public override IReadOnlyList<FactoredParameters> Factored
    {
        get
        {
            // The matrices of inputs and recurrence with the bias are one, as in nnet3's fast LSTM layers; the projection is another.
            var (each, own) = (Parameters.Count / _buffers.Length, new List<FactoredParameters>());
            for (var first = 0; first < Parameters.Count; first += each)
            {
                own.Add(new([first, first + 1, first + 2], 4 * _spec.Cells, _inputDim + _spec.Outputs + 1) { HasBias = true });
                if (_spec.Projection > 0)
                    own.Add(new([first + each - 1], _spec.Projection, _spec.Cells));
            }

            return own;
        }
    }

    public override bool NeedsSequences => true;

    public override Tensor? State => _buffers[0].State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        (_values, _gradients) = (ByDirection(values), ByDirection(gradients));
        foreach (var buffers in _buffers)
            buffers.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _buffers[0].ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => [.. Parameters.Select(parameter =>
    {
        var values = parameter.Uniform(random, 0, 2.0 * _spec.ParamRange);

        // The forget gates are the third of the four groups of biases.
        if (parameter.Name.EndsWith("bias", StringComparison.Ordinal))
        {
            for (var i = 2 * _spec.Cells; i < 3 * _spec.Cells; i++)
                values[i] += _spec.ForgetBias;
        }

        return values;
    })];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        // Per step: gates, then cells cut to ±cell-clip, then the projected output. The workspace keeps gates and cells.
        var layout = pass.RequiredSequences;
        var workspaces = WorkspacesFor(layout);
        if (!Kernels.Take(output))
        {
            using var scope = torch.NewDisposeScope();
            for (var d = 0; d < _buffers.Length; d++)
                Reference(layout, d, workspaces).Forward(inputs[0], Half(output, d), _buffers[d].State);
            return;
        }

        using var sequences = new NativeSequences(layout);
        using var directions = new NativeDirections();
        LendTo(directions, workspaces);
        Kernels.Check(Kernels.mimir_lstm_forward(
            _inputDim, _spec.Cells, _spec.Outputs, in sequences.Value, inputs[0], in directions.Value,
            _buffers.Length, Limits(), output));
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // From the last step back: the derivative of the cells, cut to ±cell-diff-clip, then those of the gates, each cut to
        // ±diff-clip; the gradients of the matrices follow from all steps at once. The optimiser applies grad-clip.
        var layout = pass.RequiredSequences;
        var workspaces = WorkspacesFor(layout);
        if (!Kernels.Take(output))
        {
            using var scope = torch.NewDisposeScope();
            inputGradients[0]?.fill_(Scalars.Of(0));
            for (var d = 0; d < _buffers.Length; d++)
            {
                Reference(layout, d, workspaces)
                    .Backward(inputs[0], Half(output, d), Half(outputGradient, d), inputGradients[0], _gradients[d]);
            }

            return;
        }

        using var sequences = new NativeSequences(layout);
        using var directions = new NativeDirections();
        LendTo(directions, workspaces);
        Kernels.Check(Kernels.mimir_lstm_backward(
            _inputDim, _spec.Cells, _spec.Outputs, in sequences.Value, inputs[0], in directions.Value,
            _buffers.Length, Limits(), output, outputGradient, inputGradients[0]));
    }

    public override IReadOnlyList<GradientFactors> Factors(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient)
    {
        var layout = pass.RequiredSequences;
        var workspaces = WorkspacesFor(layout);
        return [.. Enumerable.Range(0, _buffers.Length).SelectMany(d => Reference(layout, d, workspaces)
            .Factors(inputs[0], Half(output, d), Half(outputGradient, d)))];
    }

    public override void Dispose()
    {
        foreach (var buffers in _buffers)
            buffers.Dispose();
        base.Dispose();
    }

    // The columns of a direction.
    private Tensor Half(Tensor both, int direction) => both.narrow(1, (long)direction * _spec.Outputs, _spec.Outputs);

    private LstmReference Reference(SequenceLayout layout, int direction, Tensor[] workspaces) =>
        new(_spec, layout, IsReversed(direction), _values[direction], workspaces[direction]);

    private bool IsReversed(int direction) => _reversed || direction == 1;

    private Kernels.LstmLimits Limits() =>
        new() { Cell = _spec.CellClip, Diff = _spec.DiffClip, CellDiff = _spec.CellDiffClip };

    private void LendTo(NativeDirections directions, Tensor[] workspaces)
    {
        for (var d = 0; d < _buffers.Length; d++)
            directions.Add(_values[d], _gradients[d], workspaces[d], _buffers[d].State, reverse: IsReversed(d));
    }

    private Tensor[] WorkspacesFor(SequenceLayout layout) => Array.ConvertAll(_buffers, buffers => buffers.WorkspaceFor(layout));

    private long WorkspaceSize(SequenceLayout sequences)
    {
        var elements = LstmReference.WorkspaceSize(_spec, sequences);
        if (!Kernels.Available)
            return elements;

        Kernels.Check(Kernels.mimir_lstm_workspace(
            sequences.Rows, sequences.Sequences, _spec.Cells, _spec.Projection, out var ofKernel));
        return Math.Max(elements, ofKernel);
    }

    // The parameters of each direction in the native order, null where the layer has none.
    private Tensor?[][] ByDirection(IReadOnlyList<Tensor> tensors)
    {
        var next = 0;
        return [.. _buffers.Select(_ =>
            Enumerable.Range(0, ParameterKinds).Select(kind => Has(kind) ? tensors[next++] : null).ToArray())];
    }

    private bool Has(int kind) => kind < 3 || (kind < 6 ? _spec.Peepholes : _spec.Projection > 0);

    private IEnumerable<ParameterDeclaration> Declare(string prefix)
    {
        (string Name, long[] Shape)[] all =
        [
            ("w-x", [4 * _spec.Cells, _inputDim]), ("w-r", [4 * _spec.Cells, _spec.Outputs]), ("bias", [4 * _spec.Cells]),
            ("peephole-i", [_spec.Cells]), ("peephole-f", [_spec.Cells]), ("peephole-o", [_spec.Cells]),
            ("w-p", [_spec.Projection, _spec.Cells]),
        ];

        // nnet1 decays none of them.
        return all.Where((_, kind) => Has(kind)).Select(parameter => new ParameterDeclaration(prefix + parameter.Name, parameter.Shape)
        {
            RateFactor = parameter.Shape.Length == 2 ? _spec.LearnRateCoef : _spec.BiasLearnRateCoef,
            GradClip = _spec.GradClip,
        });
    }
}
