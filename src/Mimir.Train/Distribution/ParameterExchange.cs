using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;

namespace Mimir.Train.Distribution;

/// <summary>Makes one worker's part of an update mode.</summary>
/// <param name="options">The options of the mode.</param>
/// <param name="context">The collective and the transport.</param>
/// <param name="parameters">The number of parameters of the model.</param>
public delegate IUpdateMode UpdateModeFactory(UpdateOptions options, UpdateContext context, long parameters);

/// <summary>An update mode on the flat buffers of a graph: parameters and gradients.</summary>
/// <remarks>A verb throws what the mode throws; after a loss the caller forms the next group and calls <see cref="Regroup"/>.</remarks>
internal sealed class ParameterExchange : IDisposable
{
    private const string WorkersKey = "workers";
    private const string FrameCounter = "frames-together";

    private readonly IUpdateMode _update;
    private readonly UpdateSignals _signals;
    private readonly UpdateOptions _options;
    private readonly StepScale _scale;
    private readonly Memory<float> _model;
    private readonly Memory<float> _gradients;
    private long _framesDone;
    private bool _hasBegun;
    private bool _forgetsMomentum;

    /// <summary>Joins a graph with a mode, which belongs to the exchange from here on.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="update">The mode.</param>
    /// <param name="signals">The mode's signals.</param>
    /// <param name="options">The options of the mode.</param>
    /// <param name="scale">The change of the rate by the number of workers.</param>
    /// <exception cref="InputException">The graph is not on the CPU.</exception>
    public ParameterExchange(LayerGraph graph, IUpdateMode update, UpdateSignals signals, UpdateOptions options, StepScale scale)
    {
        if (graph.Device != Device.Cpu)
        {
            throw new InputException(
                $"several workers train on the CPU only in this version, not on {graph.Device}; set train.device: cpu");
        }

        (_update, _signals, _options, _scale) = (update, signals, options, scale);
        _model = graph.Parameters.Values.AsMemory();
        _gradients = graph.Parameters.StatisticsAndGradients.AsMemory();
    }

    /// <summary>Gets the options of the mode as it was made, which state its capabilities.</summary>
    public UpdateOptions Options => _options;

    /// <summary>True when the others can continue now when a worker other than the coordinator is lost.</summary>
    public bool SurvivesLoss { get; private set; }

    /// <summary>Gets the statistics of the exchanges until now.</summary>
    public UpdateStatistics Statistics => _update.Statistics;

    /// <summary>Gets the blocks that all workers' models have gone through.</summary>
    public long Blocks => _signals.Blocks;

    /// <summary>Calls back before this worker's model goes into a block, with the block's number.</summary>
    public void OnBlockBegins(Action<long> callback) => _signals.BlockStarting = callback;

    /// <summary>Sends bits to the others with the next exchange; see <see cref="UpdateSignals.Outgoing"/>.</summary>
    public void SendBits(long bits) => _signals.Outgoing = bits;

    /// <summary>Sends bits beside those of <see cref="SendBits"/> with the next exchange alone.</summary>
    /// <param name="bits">The bits.</param>
    /// <param name="exchange">The exchange.</param>
    /// <returns>The result of the exchange.</returns>
    public long SendOnce(long bits, Func<long> exchange)
    {
        var before = _signals.Outgoing;
        _signals.Outgoing |= bits;
        try
        {
            return exchange();
        }
        finally
        {
            _signals.Outgoing = before;
        }
    }

    /// <summary>True once when any worker sent some bits with the last exchange of all.</summary>
    public bool TakeReceived(long bits)
    {
        var has = _signals.Has(bits);
        _signals.Forget(bits);
        return has;
    }

    /// <summary>Returns the bits that any worker sent with the last exchange of all; 0 the second time.</summary>
    public long ReceiveBits() => _signals.TakeReceived();

    /// <summary>Drops received bits that were for the group until now.</summary>
    public void ForgetBits(long bits) => _signals.Forget(bits);

    /// <summary>Notes that a part of the gradients is final.</summary>
    public void GradientReady(long offset, long count)
    {
        Begin();
        _update.GradientReady(_gradients, (int)offset, (int)count);
    }

    /// <summary>Makes the gradients those of the step that comes.</summary>
    /// <param name="frames">The frames of this worker's batch; 0 without one.</param>
    /// <returns>The frames that they are sums over; 0 when there is no step.</returns>
    public long Sum(int frames)
    {
        Begin();
        return _update.BeforeStep(_gradients, frames);
    }

    /// <summary>The rate of the step that comes, whose frames count from then on.</summary>
    /// <param name="rate">The schedule's rate.</param>
    /// <param name="frames">The result of <see cref="Sum"/>.</param>
    public double RateOf(double rate, long frames)
    {
        var scaled = _scale.RateOf(rate, _framesDone);
        if (_scale.Scaling.WarmUpFrames > 0)
            _framesDone += frames * _scale.Machines;
        return scaled;
    }

    /// <summary>Exchanges models when it is time.</summary>
    /// <param name="frames">The frames of this worker's batch.</param>
    /// <param name="rate">The rate of the step.</param>
    public void AfterStep(int frames, double rate) => _forgetsMomentum |= _update.AfterStep(_model, frames, rate).ForgetMomentum;

    /// <summary>Makes the models of all workers the same at the end of an epoch.</summary>
    /// <returns>False when the epoch goes on: bits were received.</returns>
    public bool TryFlush()
    {
        Begin();
        var outcome = _update.Flush(_model);
        _forgetsMomentum |= outcome.ForgetMomentum;
        return !outcome.Unfinished;
    }

    /// <summary>Returns true once when an exchange asks the optimiser to forget its momentum.</summary>
    public bool TakeForgetsMomentum()
    {
        var forgets = _forgetsMomentum;
        _forgetsMomentum = false;
        return forgets;
    }

    /// <summary>Goes on with other members.</summary>
    public void Regroup(ICollective collective)
    {
        _forgetsMomentum |= _update.Regroup(collective, _model).ForgetMomentum;
        _hasBegun = true;
        SurvivesLoss = _options.FaultTolerant;
    }

    /// <summary>Begins anew with the model as it is, the same on all workers, when a schedule has gone back to an earlier one.</summary>
    public void Restart() => _hasBegun = false;

    /// <summary>Adds the frames of all workers' steps to counters of a checkpoint, where the rate depends on them.</summary>
    public IReadOnlyDictionary<string, long> AddCounters(IReadOnlyDictionary<string, long> counters) => _framesDone > 0
        ? new Dictionary<string, long>(counters) { [FrameCounter] = _framesDone }
        : counters;

    /// <summary>Restores the frames of all workers' steps from counters of a checkpoint.</summary>
    public void LoadCounters(IReadOnlyDictionary<string, long> counters) => _framesDone = counters.GetValueOrDefault(FrameCounter);

    /// <summary>Changes the numbers of the mode.</summary>
    public void Tune(UpdateOptions options) => _update.Tune(options);

    /// <summary>The state of the mode for a checkpoint, with the number of workers that it is for.</summary>
    public IReadOnlyDictionary<string, float[]> SaveState(int workers) => _hasBegun
        ? new Dictionary<string, float[]>(_update.SaveState()) { [WorkersKey] = [workers] }
        : new Dictionary<string, float[]>();

    /// <summary>Continues from a checkpoint, whose model the graph has already; one of another number of workers is a beginning.</summary>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, int workers)
    {
        _hasBegun = state.GetValueOrDefault(WorkersKey) is [var saved] && saved == workers;
        if (_hasBegun)
            _update.LoadState(state.Where(entry => entry.Key != WorkersKey).ToDictionary(), _model);
        SurvivesLoss = _hasBegun && _options.FaultTolerant;
    }

    /// <inheritdoc/>
    public void Dispose() => _update.Dispose();

    private void Begin()
    {
        if (_hasBegun)
            return;

        _update.Begin(_model);
        _hasBegun = true;
        SurvivesLoss = _options.FaultTolerant;
    }
}
