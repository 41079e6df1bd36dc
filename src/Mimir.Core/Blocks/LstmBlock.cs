using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="LstmSpec"/> or a <see cref="BlstmSpec"/>: all steps of all directions in one native call each way.</summary>
internal sealed class LstmBlock : Block
{
    private const int Kinds = 7;
    private readonly LstmSpec _spec;
    private readonly int _inputDim;
    private readonly RecurrentMemory[] _memories;
    private readonly bool _reversed;
    private Tensor?[][] _values = [], _gradients = [];

    /// <summary>Checks the options.</summary>
    /// <param name="spec">The options.</param>
    /// <param name="inputDim">The values of an input frame.</param>
    /// <param name="directions">The prefix of each direction's parameters; the first one goes forward in time, the second back.</param>
    /// <param name="reversed">Whether the only direction goes back in time.</param>
    public LstmBlock(LstmSpec spec, int inputDim, string[] directions, bool reversed = false)
        : base(spec.Outputs * directions.Length)
    {
        if (spec.Cells < 1 || spec.Projection < 0)
            throw new ArgumentException(
                $"a recurrent layer needs at least 1 cell and no negative projection, got {spec.Cells} and {spec.Projection}");
        if (!(spec.CellClip >= 0 && spec.DiffClip >= 0 && spec.CellDiffClip >= 0 && spec.GradClip >= 0))
            throw new ArgumentException("the clipping of a recurrent layer must not be negative; 0 is none");

        (_spec, _inputDim, _reversed) = (spec, inputDim, reversed);
        _memories = [.. directions.Select((_, i) => new RecurrentMemory(i == 0 && !reversed ? spec.Cells + spec.Outputs : 0, WorkspaceOf))];
        Parameters = [.. directions.SelectMany(DeclarationsOf)];
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters { get; }

    public override bool NeedsSequences => true;

    public override Tensor? State => _memories[0].State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
        (_values, _gradients) = (ByDirection(values), ByDirection(gradients));
        foreach (var memory in _memories)
            memory.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _memories[0].ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => [.. Parameters.Select(parameter =>
    {
        var values = parameter.Uniform(random, 0, 2.0 * _spec.ParamRange);
        if (parameter.Name.EndsWith("bias", StringComparison.Ordinal))
        {
            for (var i = 2 * _spec.Cells; i < 3 * _spec.Cells; i++)
                values[i] += _spec.ForgetBias;
        }

        return values;
    })];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        using var sequences = new PackedSequences(pass.NeededSequences);
        using var call = new LstmCall(_spec, Directions(pass.NeededSequences));
        call.Forward(sequences, inputs[0], output);
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        using var sequences = new PackedSequences(pass.NeededSequences);
        using var call = new LstmCall(_spec, Directions(pass.NeededSequences));
        call.Backward(sequences, inputs[0], output, outputGradient, inputGradients[0]);
    }

    public override void Dispose()
    {
        foreach (var memory in _memories)
            memory.Dispose();
        base.Dispose();
    }

    private LstmDirection[] Directions(SequenceLayout sequences) => [.. _memories.Select((memory, d) => new LstmDirection(
        _values[d], _gradients[d], memory.WorkspaceFor(sequences), memory.State, _reversed || d == 1))];

    private long WorkspaceOf(SequenceLayout sequences)
    {
        LibTorch.Check(LibTorch.mimir_lstm_workspace(
            sequences.Rows, sequences.Sequences, _spec.Cells, _spec.Projection, out var elements));
        return elements;
    }

    // The parameters of each direction in the native order, null where the layer has none.
    private Tensor?[][] ByDirection(IReadOnlyList<Tensor> tensors)
    {
        var next = 0;
        return [.. _memories.Select(_ => Enumerable.Range(0, Kinds).Select(kind => Has(kind) ? tensors[next++] : null).ToArray())];
    }

    private bool Has(int kind) => kind < 3 || (kind < 6 ? _spec.Peepholes : _spec.Projection > 0);

    private IEnumerable<ParameterDeclaration> DeclarationsOf(string prefix)
    {
        (string Name, long[] Shape)[] all =
        [
            ("w-x", [4 * _spec.Cells, _inputDim]), ("w-r", [4 * _spec.Cells, _spec.Outputs]), ("bias", [4 * _spec.Cells]),
            ("peephole-i", [_spec.Cells]), ("peephole-f", [_spec.Cells]), ("peephole-o", [_spec.Cells]),
            ("w-p", [_spec.Projection, _spec.Cells]),
        ];

        // nnet1 decays none of them.
        return all.Where((_, kind) => Has(kind)).Select(one => new ParameterDeclaration(prefix + one.Name, one.Shape)
        {
            RateFactor = one.Shape.Length == 2 ? _spec.LearnRateCoef : _spec.BiasLearnRateCoef,
            GradClip = _spec.GradClip,
        });
    }
}
