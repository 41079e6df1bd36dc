using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Dist.Updates;

namespace Mimir.Train.Distribution;

/// <summary>A graph's parameters and gradients, as an update mode exchanges them with other workers.</summary>
internal sealed class GraphExchange : IDisposable
{
    private const string WorkersKey = "workers";

    private readonly IUpdateMode _update;
    private readonly int _workers;
    private readonly Memory<float> _model;
    private readonly Memory<float> _gradients;
    private bool _hasBegun;

    /// <summary>Joins a graph with a mode, which belongs to the exchange from here on.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="update">The mode.</param>
    /// <param name="workers">The number of workers.</param>
    /// <exception cref="ArgumentException">The graph is not on the CPU.</exception>
    public GraphExchange(LayerGraph graph, IUpdateMode update, int workers)
    {
        if (graph.Device != Device.Cpu)
            throw new ArgumentException($"several workers train on the CPU only in this version, not on {graph.Device}; set train.device: cpu");

        (_update, _workers) = (update, workers);
        _model = graph.Parameters.Values.AsMemory();
        _gradients = graph.Parameters.Gradients.AsMemory();
    }

    /// <summary>Gets what was exchanged until now.</summary>
    public UpdateStatistics Statistics => _update.Statistics;

    /// <summary>Tells that a part of the gradients is final.</summary>
    public void Ready(long offset, long count)
    {
        Begin();
        _update.GradientReady(_gradients, (int)offset, (int)count);
    }

    /// <summary>Makes the gradients those that the step is to be taken with.</summary>
    /// <param name="frames">The frames of this worker's batch; 0 without one.</param>
    /// <returns>The frames that they are sums over; 0 when there is no step to be taken.</returns>
    public long Sum(int frames)
    {
        Begin();
        return _update.BeforeStep(_gradients, frames);
    }

    /// <summary>Exchanges models when it is time.</summary>
    /// <returns>Whether the optimiser must forget its momentum.</returns>
    public bool AfterStep(int frames, double rate) => _update.AfterStep(_model, frames, rate).ForgetMomentum;

    /// <summary>Makes the models of all workers the same.</summary>
    /// <returns>Whether the optimiser must forget its momentum.</returns>
    public bool EndEpoch()
    {
        Begin();
        return _update.Flush(_model).ForgetMomentum;
    }

    /// <summary>What a checkpoint keeps: the state of the mode, and for how many workers it is.</summary>
    public IReadOnlyDictionary<string, float[]> SaveState() =>
        new Dictionary<string, float[]>(_update.SaveState()) { [WorkersKey] = [_workers] };

    /// <summary>Goes on from a checkpoint, whose model the graph has already; one of another number of workers is a beginning.</summary>
    public void LoadState(IReadOnlyDictionary<string, float[]> state)
    {
        _hasBegun = state.GetValueOrDefault(WorkersKey) is [var workers] && workers == _workers;
        if (_hasBegun)
            _update.LoadState(state.Where(entry => entry.Key != WorkersKey).ToDictionary(), _model);
    }

    /// <inheritdoc/>
    public void Dispose() => _update.Dispose();

    private void Begin()
    {
        if (_hasBegun)
            return;

        _update.Begin(_model);
        _hasBegun = true;
    }
}
