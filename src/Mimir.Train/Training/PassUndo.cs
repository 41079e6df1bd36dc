using Mimir.Core.Blocks;
using Mimir.Core.Graph;

namespace Mimir.Train.Training;

/// <summary>Undoes a pass of training: what a forward pass changes is the step's number, carried states and running statistics.</summary>
/// <remarks>The parameters and the optimiser change after the gradients are known to be finite, so nothing of them is kept.</remarks>
internal sealed class PassUndo : IDisposable
{
    private readonly LayerGraph _graph;
    private readonly int _streams;
    private readonly (int Slice, Tensor Copy)[] _statistics;
    private IReadOnlyDictionary<string, float[]> _states = new Dictionary<string, float[]>();
    private long _step;

    /// <summary>Prepares to undo the passes of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="streams">Its streams.</param>
    public PassUndo(LayerGraph graph, int streams)
    {
        (_graph, _streams) = (graph, streams);
        HasModules = graph.Spec.Nodes.Any(node => node.Block is ModuleSpec);
        var slices = graph.Parameters.Slices;
        _statistics =
        [
            .. Enumerable.Range(0, slices.Count).Where(slice => !slices[slice].IsTrained)
                .Select(slice => (slice, graph.Parameters.ValueOf(slice).clone())),
        ];
    }

    /// <summary>True when there are modules, whose gradients may be anything.</summary>
    public bool HasModules { get; }

    /// <summary>Keeps what the next pass changes.</summary>
    public void Remember()
    {
        _step = _graph.Step;
        _states = _graph.CopyStates();
        foreach (var (slice, copy) in _statistics)
            copy.copy_(_graph.Parameters.ValueOf(slice));
    }

    /// <summary>Puts everything back as it was.</summary>
    public void Undo()
    {
        _graph.Step = _step;
        _graph.SetStates(_states, _streams);
        foreach (var (slice, copy) in _statistics)
            _graph.Parameters.ValueOf(slice).copy_(copy);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, copy) in _statistics)
            copy.Dispose();
    }
}
