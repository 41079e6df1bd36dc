using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Dist;
using Mimir.Dist.Collectives;
using Mimir.Dist.Updates;

namespace Mimir.Train.Distribution;

/// <summary>A graph's parameters and gradients, as an update mode exchanges them with other workers.</summary>
/// <remarks>Where the mode bears the loss of a worker, the team is formed anew here, and the verbs return as if nothing had been.</remarks>
public sealed class ParameterExchange : IDisposable
{
    private const string WorkersKey = "workers";

    private readonly IUpdateMode _update;
    private readonly WorkerTeam _team;
    private readonly bool _bearsLosses;
    private readonly Memory<float> _model;
    private readonly Memory<float> _gradients;
    private bool _hasBegun;
    private bool _forget;

    /// <summary>Joins a graph with a mode, which belongs to the exchange from here on.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="update">The mode.</param>
    /// <param name="team">The workers.</param>
    /// <param name="bearsLosses">Whether the others go on when a worker is lost.</param>
    /// <param name="hears">Whether signals go with the mode's exchanges.</param>
    /// <exception cref="InputException">The graph is not on the CPU.</exception>
    internal ParameterExchange(LayerGraph graph, IUpdateMode update, WorkerTeam team, bool bearsLosses, bool hears)
    {
        if (graph.Device != Device.Cpu)
            throw new InputException($"several workers train on the CPU only in this version, not on {graph.Device}; set train.device: cpu");

        (_update, _team, _bearsLosses, Hears) = (update, team, bearsLosses, hears);
        _model = graph.Parameters.Values.AsMemory();
        _gradients = graph.Parameters.Gradients.AsMemory();
        team.Regrouped += (collective, _) => Regroup(collective);
    }

    /// <summary>Gets whether signals go with the mode's exchanges; else only the end of an epoch brings all together.</summary>
    public bool Hears { get; }

    /// <summary>Gets what was exchanged until now.</summary>
    public UpdateStatistics Statistics => _update.Statistics;

    /// <summary>Gets the blocks that the model of all has gone through.</summary>
    public long Blocks => _update.Blocks;

    /// <summary>Gets or sets the bits that this worker tells the others with each exchange; see <see cref="IUpdateMode.Signal"/>.</summary>
    public long Signal
    {
        get => _update.Signal;
        set => _update.Signal = value;
    }

    /// <summary>Gets or sets who is told that this worker's model is about to go into a block.</summary>
    internal Action<long>? BlockBegins
    {
        get => _update.BlockBegins;
        set => _update.BlockBegins = value;
    }

    /// <summary>Gets whether all can go on with other numbers from the same exchange on; in asgd there is none of all.</summary>
    public bool TunesTogether { get; internal init; } = true;

    /// <summary>Gets whether models are exchanged in blocks.</summary>
    public bool HasBlocks { get; internal init; }

    /// <summary>Gets what rate and momentum become with several workers.</summary>
    internal StepScale Scale { get; init; } = StepScale.One;

    /// <summary>Gets the machines that the workers are spread over.</summary>
    internal int Machines { get; init; } = 1;

    /// <summary>Gets or sets the frames of all workers that steps were taken with; 0 where nothing depends on it.</summary>
    internal long FramesDone { get; set; }

    /// <summary>Takes the bits that any worker told in the last exchange of all.</summary>
    public long TakeHeard() => _update.TakeHeard();

    /// <summary>Tells that a part of the gradients is final.</summary>
    internal void Ready(long offset, long count)
    {
        Begin();
        _update.GradientReady(_gradients, (int)offset, (int)count);
    }

    /// <summary>Makes the gradients those that the step is to be taken with.</summary>
    /// <param name="frames">The frames of this worker's batch; 0 without one.</param>
    /// <returns>The frames that they are sums over; 0 when there is no step to be taken.</returns>
    internal long Sum(int frames)
    {
        Begin();
        return _update.BeforeStep(_gradients, frames);
    }

    /// <summary>The rate of a step that is about to be taken, whose frames count from then on.</summary>
    /// <param name="rate">The schedule's.</param>
    /// <param name="frames">What <see cref="Sum"/> gave.</param>
    internal double RateOf(double rate, long frames)
    {
        var scaled = Scale.RateOf(rate, FramesDone);
        if (Scale.Scaling.WarmUpFrames > 0)
            FramesDone += frames * Machines;
        return scaled;
    }

    /// <summary>Goes on with other numbers of the mode.</summary>
    internal void Tune(UpdateOptions options) => _update.Tune(options);

    /// <summary>Exchanges models when it is time.</summary>
    /// <returns>Whether the optimiser must forget its momentum.</returns>
    internal bool AfterStep(int frames, double rate)
    {
        try
        {
            _forget |= _update.AfterStep(_model, frames, rate).ForgetMomentum;
        }
        catch (PeerLostException loss) when (_team.Bears(loss))
        {
            _team.Reform();
        }

        return TakeForget();
    }

    /// <summary>Makes the models of all workers the same.</summary>
    /// <param name="forget">Whether the optimiser must forget its momentum.</param>
    /// <returns>False when the epoch is not over after all: something was heard, or what a lost worker left is still to be done.</returns>
    internal bool TryEndEpoch(out bool forget)
    {
        Begin();
        var isOver = false;
        try
        {
            var outcome = _update.Flush(_model);
            _forget |= outcome.ForgetMomentum;
            isOver = !outcome.Unfinished;
        }
        catch (PeerLostException loss) when (_team.Bears(loss))
        {
            _team.Reform();
        }

        forget = TakeForget();
        return isOver;
    }

    /// <summary>Begins anew with the model as it is, the same on all workers: a schedule has gone back to an earlier one.</summary>
    internal void Restart() => _hasBegun = false;

    /// <summary>What a checkpoint keeps: the state of the mode, and for how many workers it is.</summary>
    internal IReadOnlyDictionary<string, float[]> SaveState() => _hasBegun
        ? new Dictionary<string, float[]>(_update.SaveState()) { [WorkersKey] = [_team.Size] }
        : new Dictionary<string, float[]>();

    /// <summary>Goes on from a checkpoint, whose model the graph has already; one of another number of workers is a beginning.</summary>
    internal void LoadState(IReadOnlyDictionary<string, float[]> state)
    {
        _hasBegun = state.GetValueOrDefault(WorkersKey) is [var workers] && workers == _team.Size;
        if (_hasBegun)
            _update.LoadState(state.Where(entry => entry.Key != WorkersKey).ToDictionary(), _model);
        _team.GoesOn = _hasBegun && _bearsLosses;
    }

    /// <inheritdoc/>
    public void Dispose() => _update.Dispose();

    private void Begin()
    {
        if (_hasBegun)
            return;

        _update.Begin(_model);
        _hasBegun = true;
        _team.GoesOn = _bearsLosses;
    }

    private void Regroup(ICollective collective)
    {
        _forget |= _update.Regroup(collective, _model).ForgetMomentum;
        _hasBegun = true;
        _team.GoesOn = _bearsLosses;
    }

    private bool TakeForget()
    {
        var forget = _forget;
        _forget = false;
        return forget;
    }
}
