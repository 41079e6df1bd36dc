using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Train.Data;

namespace Mimir.Train.Training;

/// <summary>A layer graph that learns on one device by cross-entropy.</summary>
/// <remarks>Plain gradient descent goes through <see cref="FusedStep"/>, any other optimiser through the gradients.</remarks>
internal sealed class GraphEngine : ITrainingEngine
{
    private const string StepCounter = "graph-step";

    private readonly LayerGraph _graph;
    private readonly FrameTable _validation;
    private readonly IOptimiser _optimiser;
    private readonly int _streams;
    private readonly Dictionary<string, int> _stateLengths;
    private FrameTable _train;
    private FusedStep? _fused;

    /// <summary>Joins a graph with its corpus; the engine owns them all from here on.</summary>
    /// <param name="graph">The network, initialised.</param>
    /// <param name="train">The training frames.</param>
    /// <param name="validation">The cross-validation frames.</param>
    /// <param name="optimiser">Moves the parameters.</param>
    /// <param name="streams">The streams whose state is carried from batch to batch; 0 where none is.</param>
    public GraphEngine(LayerGraph graph, FrameTable train, FrameTable validation, IOptimiser optimiser, int streams = 0)
    {
        (_graph, _train, _validation, _optimiser, _streams) = (graph, train, validation, optimiser, streams);
        SetStates(new Dictionary<string, float[]>());
        _stateLengths = _graph.CopyStates().ToDictionary(state => state.Key, state => state.Value.Length);
    }

    /// <summary>Gets the network.</summary>
    public LayerGraph Graph => _graph;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, long> Counters
    {
        get => new Dictionary<string, long> { [StepCounter] = _graph.Step };
        set => _graph.Step = value.GetValueOrDefault(StepCounter);
    }

    /// <summary>Replaces the training frames.</summary>
    /// <param name="train">The frames, which the engine owns from here on; those before are gone.</param>
    public void SetTrainingFrames(FrameTable train)
    {
        _train.Dispose();
        _train = train;
    }

    /// <inheritdoc/>
    public BatchResult Train(FrameBatch batch, TargetBatch targets, double rate)
    {
        var logits = _graph.Forward(_train, batch.Rows, PassMode.Train, batch.Sequences);
        var result = Evaluate(logits, targets, _graph.OutputGradient);
        if (!double.IsFinite(result.Loss))
            return result;

        if (_optimiser is Sgd { Options.IsPlain: true })
        {
            _fused ??= new FusedStep(_graph);
            _fused.Backward(_graph.OutputGradient, rate);
            return result;
        }

        _graph.Backward(_graph.OutputGradient);
        Step(rate, Math.Max(1, targets.Counted));
        return result;
    }

    /// <summary>Makes the gradients of a batch: forward, loss, backward. A loss that is not finite leaves no gradients.</summary>
    /// <param name="batch">Frames of the training corpus, at least one.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="ready">Called when a part of the gradients is final, with its offset and length; from the end to the begin.</param>
    public BatchResult Backward(FrameBatch batch, TargetBatch targets, Action<long, long> ready)
    {
        var logits = _graph.Forward(_train, batch.Rows, PassMode.Train, batch.Sequences);
        var result = Evaluate(logits, targets, _graph.OutputGradient);
        if (double.IsFinite(result.Loss))
            _graph.Backward(_graph.OutputGradient, ready);
        return result;
    }

    /// <summary>Steps the optimiser with the gradients as they are.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="frames">The frames that the gradients are sums over.</param>
    public void Step(double rate, int frames)
    {
        _optimiser.Step(_graph.Parameters, rate, frames);
        _graph.Constrain();
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
    public void SetModel(ReadOnlySpan<float> model) => _graph.Parameters.CopyFrom(model);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> CopyOptimiser() =>
        _optimiser.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value.Values);

    /// <inheritdoc/>
    public void SetOptimiser(IReadOnlyDictionary<string, float[]> state) => _optimiser.LoadState(
        state.ToDictionary(entry => entry.Key, entry => new HostTensor([entry.Value.Length], entry.Value)), _graph.Parameters);

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
        (_optimiser as IDisposable)?.Dispose();
        _graph.Dispose();
        _train.Dispose();
        _validation.Dispose();
    }

    private static BatchResult Evaluate(Tensor logits, TargetBatch targets, Tensor? gradient)
    {
        if (targets.Soft is { } soft)
        {
            var weighted = CrossEntropy.Evaluate(logits, soft, targets.Weights, gradient);
            return new(weighted.Loss, weighted.Correct, weighted.Frames);
        }

        var loss = CrossEntropy.Evaluate(logits, targets.Classes, targets.Weights, gradient);
        return new(loss.Loss, loss.Correct, loss.Frames);
    }
}
