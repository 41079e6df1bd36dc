using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Distribution;

namespace Mimir.Train.Training;

/// <summary>A layer graph that learns on one device by cross-entropy.</summary>
/// <remarks>Plain gradient descent goes through <see cref="FusedStep"/>, any other optimiser through the gradients.</remarks>
public sealed class GraphEngine : ITrainingEngine
{
    private const string StepCounter = "graph-step";
    private const string FrameCounter = "frames-together";
    private const string UpdatePrefix = "update.";

    private readonly LayerGraph _graph;
    private readonly FrameTable _validation;
    private readonly IOptimiser _optimiser;
    private readonly FusedStep? _fused;
    private readonly ParameterExchange? _exchange;
    private readonly int _streams;
    private readonly Dictionary<string, int> _stateLengths;
    private FrameTable _train;

    /// <summary>Joins a graph with its corpus; the engine owns them all from here on.</summary>
    /// <param name="graph">The network, initialised.</param>
    /// <param name="train">The training frames.</param>
    /// <param name="validation">The cross-validation frames.</param>
    /// <param name="optimiser">Moves the parameters.</param>
    /// <param name="streams">The streams whose state is carried from batch to batch; 0, the default, where none is.</param>
    /// <param name="exchange">Joins the graph with those of other workers, or null, the default, for one worker.</param>
    internal GraphEngine(
        LayerGraph graph, FrameTable train, FrameTable validation, IOptimiser optimiser, int streams = 0, ParameterExchange? exchange = null)
    {
        (_graph, _train, _validation, _optimiser, _streams) = (graph, train, validation, optimiser, streams);
        SetStates(new Dictionary<string, float[]>());
        _stateLengths = _graph.CopyStates().ToDictionary(state => state.Key, state => state.Value.Length);
        _exchange = exchange;
        _fused = optimiser is Sgd { Options.IsPlain: true } && exchange is null ? new FusedStep(graph) : null;
    }

    /// <summary>Gets the network.</summary>
    public LayerGraph Graph => _graph;

    /// <summary>Trains on other frames from here on.</summary>
    /// <param name="train">The frames, which the engine owns from here on; those before are gone.</param>
    public void SetTrainingFrames(FrameTable train)
    {
        _train.Dispose();
        _train = train;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Counters
    {
        get
        {
            var counters = new Dictionary<string, long> { [StepCounter] = _graph.Step };
            if (_exchange is { FramesDone: > 0 and var frames })
                counters[FrameCounter] = frames;
            return counters;
        }

        set
        {
            _graph.Step = value.GetValueOrDefault(StepCounter);
            if (_exchange is not null)
                _exchange.FramesDone = value.GetValueOrDefault(FrameCounter);
        }
    }

    /// <inheritdoc/>
    public bool TryTrain(FrameBatch batch, TargetBatch targets, double rate, out BatchResult result)
    {
        result = default;
        if (_exchange is null && batch.Rows.IsEmpty)
            return false;

        if (!batch.Rows.IsEmpty)
        {
            var logits = _graph.Forward(_train, batch.Rows, PassMode.Train, batch.Sequences);
            result = Evaluate(logits, targets, _graph.OutputGradient);
            if (!double.IsFinite(result.Loss))
                return true;
        }

        var frames = batch.Rows.IsEmpty ? 0 : Math.Max(1, targets.Counted);
        if (_exchange is null)
            Step(_graph.OutputGradient, rate, frames);
        else
            return TryStepTogether(_exchange, rate, frames);

        return true;
    }

    /// <inheritdoc/>
    public ParameterExchange? Exchange => _exchange;

    /// <inheritdoc/>
    public bool TryEndEpoch()
    {
        if (_exchange is not { } exchange)
            return true;

        var isOver = exchange.TryEndEpoch(out var forget);
        if (forget)
            _optimiser.Reset();

        return isOver;
    }

    /// <inheritdoc/>
    public BatchResult Validate(FrameBatch batch, TargetBatch targets) =>
        Evaluate(_graph.Forward(_validation, batch.Rows, PassMode.Evaluate, batch.Sequences), targets, gradient: null);

    /// <inheritdoc/>
    public float[] CopyModel()
    {
        var model = new float[_graph.Parameters.Count];
        _graph.Parameters.CopyTo(model);
        return model;
    }

    /// <inheritdoc/>
    /// <remarks>Another network than the one that all workers have come to is a beginning: no step has led to it.</remarks>
    public void SetModel(ReadOnlySpan<float> model)
    {
        if (_exchange is { } exchange && !model.SequenceEqual(CopyModel()))
            exchange.Restart();
        _graph.Parameters.CopyFrom(model);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> CopyOptimiser()
    {
        var state = _optimiser.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value.Values);
        if (_exchange is not null)
        {
            foreach (var (name, vector) in _exchange.SaveState())
                state[UpdatePrefix + name] = vector;
        }

        return state;
    }

    /// <inheritdoc/>
    public void SetOptimiser(IReadOnlyDictionary<string, float[]> state)
    {
        _optimiser.LoadState(
            state.Where(entry => !entry.Key.StartsWith(UpdatePrefix, StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key, entry => new HostTensor([entry.Value.Length], entry.Value)),
            _graph.Parameters);
        _exchange?.LoadState(state.Where(entry => entry.Key.StartsWith(UpdatePrefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[UpdatePrefix.Length..], entry => entry.Value));
    }

    /// <inheritdoc/>
    /// <remarks>Evaluation in chunks may have had more streams, whose states are of no use.</remarks>
    public IReadOnlyDictionary<string, float[]> CopyStates()
    {
        var states = _graph.CopyStates();
        return _stateLengths.ToDictionary(length => length.Key, length => states[length.Key][..length.Value]);
    }

    /// <inheritdoc/>
    public void SetStates(IReadOnlyDictionary<string, float[]> states) => _graph.SetStates(states, _streams);

    /// <inheritdoc/>
    public void ResetOptimiser() => _optimiser.Reset();

    /// <inheritdoc/>
    public void Dispose()
    {
        _exchange?.Dispose();
        (_optimiser as IDisposable)?.Dispose();
        _graph.Dispose();
        _train.Dispose();
        _validation.Dispose();
    }

    private static BatchResult Evaluate(Core.Tensors.Tensor logits, TargetBatch targets, Core.Tensors.Tensor? gradient)
    {
        if (targets.Soft is { } soft)
        {
            var weighted = CrossEntropy.Evaluate(logits, soft, targets.Weights, gradient);
            return new(weighted.Loss, weighted.Correct, weighted.Frames);
        }

        var loss = CrossEntropy.Evaluate(logits, targets.Classes, targets.Weights, gradient);
        return new(loss.Loss, loss.Correct, loss.Frames);
    }

    private bool TryStepTogether(ParameterExchange exchange, double rate, int frames)
    {
        if (frames > 0)
            _graph.Backward(_graph.OutputGradient, exchange.Ready);
        var total = exchange.Sum(frames);
        if (total == 0)
            return false;

        rate = exchange.RateOf(rate, total);
        _optimiser.Step(_graph.Parameters, rate, checked((int)total));
        _graph.Constrain();
        if (exchange.AfterStep(frames, rate))
            _optimiser.Reset();

        return true;
    }

    private void Step(Core.Tensors.Tensor gradient, double rate, int frames)
    {
        if (_fused is not null)
        {
            _fused.Backward(gradient, rate);
            return;
        }

        _graph.Backward(gradient);
        _optimiser.Step(_graph.Parameters, rate, frames);
        _graph.Constrain();
    }
}
