using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>All parameters of a graph in one flat buffer, and their gradients in another.</summary>
/// <remarks>
/// A bucket of gradients to reduce is a range of <see cref="Gradients"/>, an average of models is one vector, a checkpoint one
/// write. Running statistics are here too; their gradient stays 0.
/// </remarks>
public sealed class ParameterStore : IDisposable
{
    private readonly Tensor[] _values;
    private readonly Tensor[] _gradients;

    private readonly Tensor _exchanged;

    internal ParameterStore(IReadOnlyList<ParameterSlice> slices, Device device, ScalarType type, long statistics = 0)
    {
        Slices = slices;
        Count = slices.Count == 0 ? 0 : slices[^1].Offset + slices[^1].Count;
        Values = Tensor.Zeros(device, [Count], type);
        _exchanged = Tensor.Zeros(device, [statistics + Count], type);
        Statistics = _exchanged.Window(0, statistics);
        Gradients = _exchanged.Window(statistics, Count);
        _values = [.. slices.Select(slice => Values.Window(slice.Offset, [.. slice.Shape]))];
        _gradients = [.. slices.Select(slice => Gradients.Window(slice.Offset, [.. slice.Shape]))];
    }

    /// <summary>Gets all values, <c>[Count]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Gets all gradients, <c>[Count]</c>: sums over the frames of the last batch.</summary>
    public Tensor Gradients { get; }

    /// <summary>Gets the statistics of a batch that natural gradient needs besides the gradients; empty without it.</summary>
    /// <remarks>They are sums over frames too.</remarks>
    public Tensor Statistics { get; }

    /// <summary>Gets statistics and gradients, one after the other: all that workers sum.</summary>
    public Tensor StatisticsAndGradients => _exchanged;

    /// <summary>Gets the place of each parameter, in the order of the nodes.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; private set; }

    /// <summary>True when the learning of some parameters was changed, so that the options of the blocks do not say it.</summary>
    public bool IsAdjusted { get; private set; }

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; }

    /// <summary>Changes the learning of parameters; their places stay.</summary>
    /// <param name="change">The change of each.</param>
    public void Adjust(Func<ParameterSlice, ParameterSlice> change) =>
        (Slices, IsAdjusted) = ([.. Slices.Select(change)], true);

    /// <summary>The view on the values of one parameter, in its shape. It belongs to the store.</summary>
    /// <param name="slice">The index in <see cref="Slices"/>.</param>
    public Tensor ValueOf(int slice) => _values[slice];

    /// <summary>The view on the gradient of one parameter, in its shape. It belongs to the store.</summary>
    /// <param name="slice">The index in <see cref="Slices"/>.</param>
    public Tensor GradientOf(int slice) => _gradients[slice];

    /// <summary>Copies all values to the host.</summary>
    /// <param name="values">A span of exactly <see cref="Count"/> values.</param>
    public void CopyTo(Span<float> values) => Values.CopyTo(values);

    /// <summary>Replaces all values.</summary>
    /// <param name="values">Exactly <see cref="Count"/> values.</param>
    public void CopyFrom(ReadOnlySpan<float> values) => Values.CopyFrom(values);

    /// <summary>True when no value is NaN or infinite.</summary>
    public bool IsFinite() => Values.IsFinite();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _values)
            view.Dispose();
        foreach (var view in _gradients)
            view.Dispose();
        Values.Dispose();
        Gradients.Dispose();
        Statistics.Dispose();
        _exchanged.Dispose();
    }
}

/// <summary>The place of one parameter in the flat store.</summary>
/// <param name="Name">Node and parameter, for example <c>affine1.weight</c>.</param>
/// <param name="Offset">The first element in the flat store.</param>
/// <param name="Shape">The shape, outermost axis first.</param>
public sealed record ParameterSlice(string Name, long Offset, IReadOnlyList<long> Shape)
{
    /// <summary>Gets the node that the parameter belongs to.</summary>
    public string Node { get; init; } = "";

    /// <summary>Gets the factor on the learning rate. The default is 1.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Gets the factor on L1 and weight decay: 1 for weights, 0 for biases and scales.</summary>
    public float DecayFactor { get; init; }

    /// <summary>Gets the factor on momentum: 0 for nnet1's shifts and scales, which have none. The default is 1.</summary>
    public float MomentumFactor { get; init; } = 1;

    /// <summary>Gets the largest Euclidean norm of a row after a step; 0 is no limit.</summary>
    public float MaxNorm { get; init; }

    /// <summary>Gets the largest magnitude of an element of the gradient, momentum included; 0 is no limit.</summary>
    public float GradClip { get; init; }

    /// <summary>Gets the largest norm of the change of its node in a step; null for that of the optimiser, 0 is no limit.</summary>
    public double? MaxChange { get; init; }

    /// <summary>True when gradients move it; false for running statistics.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; } = Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Places the parameters in the order of the nodes, and sets <see cref="GraphNode.FirstSlice"/> of each node.</summary>
    internal static List<ParameterSlice> Layout(IEnumerable<GraphNode> nodes)
    {
        var slices = new List<ParameterSlice>();
        long offset = 0;
        foreach (var node in nodes)
        {
            node.FirstSlice = slices.Count;
            foreach (var p in node.Block.Parameters)
            {
                slices.Add(new ParameterSlice($"{node.Name}.{p.Name}", offset, p.Shape)
                {
                    Node = node.Name,
                    RateFactor = p.RateFactor,
                    DecayFactor = p.DecayFactor,
                    MomentumFactor = p.MomentumFactor,
                    MaxNorm = p.MaxNorm,
                    GradClip = p.GradClip,
                    IsTrained = p.IsTrained,
                });
                offset += slices[^1].Count;
            }
        }

        return slices;
    }
}
