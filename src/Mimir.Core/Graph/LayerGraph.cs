using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>A network: a directed graph of blocks in topological order, its parameters, and the memory of one batch.</summary>
/// <remarks>Not thread-safe. The tensors that it returns belong to it and are valid until its next pass.</remarks>
public sealed partial class LayerGraph : IDisposable
{
    private readonly List<GraphNode> _nodes;
    private readonly BatchBuffers _outputs;
    private readonly BatchBuffers _gradients;
    private readonly BatchBuffers _scratch;
    private readonly int _outputNode;
    private readonly IGradientPreconditioner? _preconditioner;
    private readonly FactoredMatrix[][] _factored;
    private FrameTable? _table;
    private int[] _rows = [];
    private int _count = -1;
    private SequenceLayout? _sequences;
    private PassMode _mode;
    private long _passStep;

    /// <summary>Builds the graph, with all parameters 0.</summary>
    /// <param name="spec">The graph as data.</param>
    /// <param name="device">The device.</param>
    /// <param name="type">The element type; Real64 runs the reference formulas, for checks.</param>
    /// <param name="preconditioner">Makes the gradients of matrices from their factors; null leaves that to the blocks.</param>
    /// <exception cref="InputException">Nodes do not fit together; the message names them.</exception>
    public LayerGraph(
        GraphSpec spec, Device device, ScalarType type = ScalarType.Float32, IGradientPreconditioner? preconditioner = null)
    {
        Spec = spec;
        Device = device;
        _nodes = GraphBuilder.Build(spec);

        // A softmax at the end is left to the loss.
        var last = _nodes.Count - 1;
        _outputNode = spec.Nodes[^1].Block is SoftmaxSpec ? _nodes[last].Inputs[0] : last;
        OutputDim = _nodes[last].Block.OutputDim;

        var slices = ParameterSlice.Layout(_nodes);
        _preconditioner = preconditioner;
        _factored = [.. _nodes.Select(node => node.Block.Factored.Select(matrix => FactoredMatrix.Of(matrix, node.FirstSlice)).ToArray())];
        Parameters = new ParameterStore(
            slices, device, type, preconditioner?.Attach([.. _factored.SelectMany(matrices => matrices)], device, type) ?? 0);
        foreach (var node in _nodes)
        {
            var range = Enumerable.Range(node.FirstSlice, node.Block.Parameters.Count).ToList();
            node.Block.Bind(
                range.ConvertAll(Parameters.ValueOf), range.ConvertAll(Parameters.GradientOf), device, type);
        }

        int[] dims = [.. _nodes.Select(node => node.Block.OutputDim)];
        _outputs = new BatchBuffers(dims, device, type);
        _gradients = new BatchBuffers(dims, device, type);
        _scratch = new BatchBuffers(dims, device, type);
    }

    /// <summary>Counts the parameters of a graph without making it.</summary>
    /// <param name="spec">The graph as data.</param>
    /// <exception cref="InputException">Nodes do not fit together; the message names them.</exception>
    public static long CountParameters(GraphSpec spec) => ParameterSlice.Layout(GraphBuilder.Build(spec)).Sum(slice => slice.Count);

    /// <summary>Gets the graph as data.</summary>
    public GraphSpec Spec { get; }

    /// <summary>Gets the device.</summary>
    public Device Device { get; }

    /// <summary>Gets the number of values of an input frame.</summary>
    public int InputDim => Spec.InputDim;

    /// <summary>Gets the number of output values of a frame.</summary>
    public int OutputDim { get; }

    /// <summary>Gets the parameters and their gradients.</summary>
    public ParameterStore Parameters { get; }

    /// <summary>True when a pass must state the order of its rows in time.</summary>
    public bool NeedsSequences => _nodes.Any(node => node.Block.NeedsSequences);

    /// <summary>Gets or sets the seed of the random numbers of training: dropout.</summary>
    public ulong Seed { get; set; }

    /// <summary>Gets or sets the number of training passes so far. Random numbers follow from it, so a resumed run sets it.</summary>
    public long Step { get; set; }

    /// <summary>Gets the gradient at the output of the last pass, <c>[N, OutputDim]</c>, for the loss to fill.</summary>
    /// <exception cref="InvalidOperationException">No pass has been made.</exception>
    public Tensor OutputGradient => _count < 0
        ? throw new InvalidOperationException("Forward comes before the gradient.")
        : _gradients.For(_count)[_outputNode];

    /// <summary>Sets all parameters to random initial values, by the options of each block.</summary>
    /// <param name="seed">The seed; each node has a random sequence of its own.</param>
    public void Initialise(ulong seed)
    {
        for (var i = 0; i < _nodes.Count; i++)
        {
            var values = _nodes[i].Block.InitialValues(new SeededRandom(SplitMix64.Combine(seed, (ulong)i)));
            for (var p = 0; p < values.Count; p++)
                Parameters.ValueOf(_nodes[i].FirstSlice + p).CopyFrom(values[p]);
        }
    }

    /// <summary>Changes rates of dropout.</summary>
    /// <param name="rateOf">The rate of a node by its name; null leaves it.</param>
    /// <returns>The number of nodes that were set.</returns>
    public int SetDropout(Func<string, double?> rateOf)
    {
        var count = 0;
        foreach (var node in _nodes.Where(node => node.Block.HasDropout))
        {
            if (rateOf(node.Name) is not { } rate)
                continue;

            node.Block.SetDropout(rate);
            count++;
        }

        return count;
    }

    /// <summary>Computes a batch.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="rows">The frames of the batch, as rows of the table; splicing reads their neighbours.</param>
    /// <param name="mode">Training or evaluation.</param>
    /// <param name="sequences">The order of the rows in time; null where no block needs it.</param>
    /// <returns><c>[N, OutputDim]</c>, before the softmax when the last node is one. It belongs to the graph.</returns>
    /// <exception cref="InputException">The frames have another dimension than the input of the graph.</exception>
    /// <exception cref="ArgumentException">Sequences are missing, or have another number of rows.</exception>
    /// <exception cref="KernelException">A row is not in the table.</exception>
    /// <exception cref="DeviceException">The memory does not suffice, or the device failed.</exception>
    public Tensor Forward(FrameTable table, ReadOnlySpan<int> rows, PassMode mode, SequenceLayout? sequences = null)
    {
        if (table.Dim != InputDim)
            throw new InputException($"The graph takes frames of {InputDim} values, the table has {table.Dim}.");

        CheckSequences(sequences, rows.Length);
        _sequences = sequences;
        (_table, _mode, _count) = (table, mode, rows.Length);
        // The rows are copied: the backward pass needs them again.
        if (_rows.Length < rows.Length)
            _rows = new int[rows.Length];
        rows.CopyTo(_rows);
        if (mode == PassMode.Train)
        {
            Threads.BeginStep();
            _passStep = Step++;
        }

        var outputs = _outputs.For(_count);
        DeviceException.Guard(() =>
        {
            for (var i = 0; i <= _outputNode; i++)
                _nodes[i].Block.Forward(PassOf(i, stepRate: null), InputsOf(i, outputs), outputs[i]);
        }, "a forward pass");
        return outputs[_outputNode];
    }

    /// <summary>Computes a batch for evaluation, with the softmax applied.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="rows">The frames of the batch.</param>
    /// <param name="logarithm">True for natural logarithms.</param>
    /// <param name="sequences">The order of the rows in time; null where no block needs it.</param>
    /// <returns><c>[N, OutputDim]</c>. It belongs to the graph.</returns>
    public Tensor Posteriors(FrameTable table, ReadOnlySpan<int> rows, bool logarithm = false, SequenceLayout? sequences = null)
    {
        var logits = Forward(table, rows, PassMode.Evaluate, sequences);
        var target = _gradients.For(_count)[_outputNode];
        logits.SoftmaxInto(target, logarithm);
        return target;
    }

    /// <summary>Repairs non-linearities of affine, time-delay, convolutional and activation nodes from now on.</summary>
    /// <param name="scale">The size of the repairing gradient of a frame, Kaldi's self-repair-scale; 0 for none.</param>
    public void SetSelfRepair(double scale)
    {
        foreach (var node in _nodes)
        {
            var (activation, units) = node.Block.Nonlinearity;
            node.Block.Repair = scale > 0 && activation != Activation.None ? new(activation, units, scale) : null;
        }
    }

    /// <summary>Copies the statistics of self-repair, by the name of the node; empty without it.</summary>
    public IReadOnlyDictionary<string, float[]> CopyRepairs() =>
        _nodes.Where(node => node.Block.Repair is not null).ToDictionary(node => node.Name, node => node.Block.Repair!.Save());

    /// <summary>Restores the statistics of <see cref="CopyRepairs"/>; nodes that are not named begin anew.</summary>
    /// <param name="repairs">The statistics.</param>
    /// <exception cref="InputException">They are of another network.</exception>
    public void SetRepairs(IReadOnlyDictionary<string, float[]> repairs)
    {
        foreach (var node in _nodes)
        {
            if (node.Block.Repair?.TryLoad(repairs.GetValueOrDefault(node.Name)) == false)
                throw new InputException($"the self-repair of node '{node.Name}' is of another network");
        }
    }

    /// <summary>Copies the state that streams carry from batch to batch.</summary>
    /// <returns>A row a stream, by the name of the node; nodes without state are left out.</returns>
    public IReadOnlyDictionary<string, float[]> CopyStates()
    {
        var states = new SortedDictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var node in _nodes)
        {
            if (node.Block.State is { } state)
                state.CopyTo(states[node.Name] = new float[state.Count]);
        }

        return states;
    }

    /// <summary>Restores the states that <see cref="CopyStates"/> returned.</summary>
    /// <param name="states">The states by the name of the node.</param>
    /// <param name="streams">The number of streams.</param>
    /// <exception cref="InputException">A state belongs to no node here, or has another size.</exception>
    public void SetStates(IReadOnlyDictionary<string, float[]> states, int streams)
    {
        Reserve(streams);
        foreach (var (name, values) in states)
        {
            var state = _nodes.Find(node => node.Name == name)?.Block.State;
            if (state is null || state.Count != values.Length)
                throw new InputException($"expected the state of {streams} streams of node '{name}', got {values.Length} values");

            state.CopyFrom(values);
        }
    }

    /// <summary>The output of a node in the last pass, to inspect a network.</summary>
    /// <param name="name">The node.</param>
    /// <returns><c>[N, D]</c>, which belongs to the graph; a softmax that is left to the loss has not been computed.</returns>
    /// <exception cref="ArgumentException">There is no node of that name.</exception>
    /// <exception cref="InvalidOperationException">No pass has been made.</exception>
    public Tensor OutputOf(string name) => BufferOf(_outputs, name);

    /// <summary>The gradient at the output of a node after a backward pass, to inspect a network.</summary>
    /// <remarks>A block with a non-linearity of its own has multiplied it by the derivative of that.</remarks>
    /// <param name="name">The node.</param>
    /// <returns><c>[N, D]</c>, which belongs to the graph; undefined where neither the node nor one below it is trained.</returns>
    /// <exception cref="ArgumentException">There is no node of that name.</exception>
    /// <exception cref="InvalidOperationException">No pass has been made.</exception>
    public Tensor GradientAt(string name) => BufferOf(_gradients, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _nodes)
            node.Block.Dispose();

        _outputs.Dispose();
        _gradients.Dispose();
        _scratch.Dispose();
        Parameters.Dispose();
    }

    private void CheckSequences(SequenceLayout? sequences, int rows)
    {
        if (sequences is null && _nodes.Find(node => node.Block.NeedsSequences) is { } recurrent)
        {
            throw new ArgumentException(
                $"Node '{recurrent.Name}' needs to know how the rows follow each other in time.", nameof(sequences));
        }

        if (sequences is null)
            return;
        if (sequences.Rows != rows)
            throw new ArgumentException($"Sequences of {sequences.Rows} rows do not fit a batch of {rows}.", nameof(sequences));

        foreach (var stream in sequences.Streams)
            Reserve(stream + 1);
    }

    private void Reserve(int streams)
    {
        foreach (var node in _nodes)
            node.Block.ReserveStreams(streams);
    }

    private Tensor BufferOf(BatchBuffers buffers, string name)
    {
        var node = _nodes.FindIndex(node => node.Name == name);
        if (node < 0)
            throw new ArgumentException($"The graph has no node '{name}'.", nameof(name));

        return _count < 0 ? throw new InvalidOperationException("A pass comes first.") : buffers.For(_count)[node];
    }

    private BatchPass PassOf(int node, double? stepRate) => new()
    {
        Mode = _mode,
        Table = _table!,
        Rows = _rows.AsSpan(0, _count),
        Sequences = _sequences,
        Key = SplitMix64.Combine(Seed, (ulong)_passStep, (ulong)node),
        StepRate = stepRate,
        LeavesFactored = _preconditioner is not null && _factored[node] is [{ OfGradient: false }, ..],
    };

    private Tensor[] InputsOf(int node, IReadOnlyList<Tensor> outputs) =>
        Array.ConvertAll(_nodes[node].Inputs, input => outputs[input]);
}
