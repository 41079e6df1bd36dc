using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>A layer graph that learns on one device by a loss.</summary>
/// <remarks>Plain gradient descent goes through <see cref="FusedStep"/>, any other optimiser through the gradients.</remarks>
internal sealed class GraphEngine : ITrainingEngine
{
    private const string StepCounter = "graph-step";
    private const string RepairPrefix = "self-repair.";

    private readonly LayerGraph _graph;
    private readonly FrameTable _validation;
    private readonly IOptimiser _optimiser;
    private readonly LossPair _losses;
    private readonly int _streams;
    private readonly Dictionary<string, int> _stateLengths;
    private readonly FrameLosses _frameLosses = new();
    private ITrainingFrames _train;
    private FusedStep? _fused;
    private PendingGradients? _pending;
    private PassUndo? _undo;
    private double _lossLimit = double.MaxValue;

    /// <summary>Joins a graph with its corpus; the engine owns them all from here on.</summary>
    /// <param name="graph">The network, initialised.</param>
    /// <param name="train">The training frames.</param>
    /// <param name="validation">The cross-validation frames.</param>
    /// <param name="optimiser">Moves the parameters.</param>
    /// <param name="losses">The losses of both sets.</param>
    /// <param name="streams">The streams whose state is carried from batch to batch; 0 where none is.</param>
    public GraphEngine(
        LayerGraph graph, ITrainingFrames train, FrameTable validation, IOptimiser optimiser, LossPair losses, int streams = 0)
    {
        (_graph, _validation, _optimiser, _losses, _streams) = (graph, validation, optimiser, losses, streams);
        _train = train;
        SetStates(new Dictionary<string, float[]>());
        _stateLengths = _graph.CopyStates().ToDictionary(state => state.Key, state => state.Value.Length);
    }

    /// <summary>Gets the network.</summary>
    public LayerGraph Graph => _graph;

    /// <summary>Gets the training frames.</summary>
    public ITrainingFrames TrainingFrames => _train;

    /// <summary>Gets the options of steps besides those of the optimiser.</summary>
    public StepOptions Options { get; init; } = new();

    /// <summary>Gets the names of the measures that the results of batches have.</summary>
    public IReadOnlyList<string> Measures => _losses.Train.Measures;

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
        _train = new ResidentFrames(train);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> FrameLosses => _frameLosses.Losses;

    /// <inheritdoc/>
    public void Watch(double lossLimit)
    {
        _undo ??= new(_graph, _streams);
        _lossLimit = lossLimit;
    }

    /// <inheritdoc/>
    public BatchResult Train(FrameBatch batch, TargetBatch targets, double rate)
    {
        if (!TryEvaluate(batch, targets, out var result))
            return result;

        if (_optimiser is NaturalGradient natural && natural.IsBackstitchDue(_graph.Step - 1))
        {
            Backstitch(natural, batch, targets, rate);
            return result;
        }

        // Of the blocks of the graph a sound loss has finite gradients; a module's may be anything.
        var isPlain = _optimiser is Sgd { Options.IsPlain: true } && !_graph.Parameters.IsAdjusted && Options.Accumulate <= 1;
        if (isPlain && _undo is not { HasModules: true })
        {
            _fused ??= new FusedStep(_graph);
            _fused.Backward(_graph.OutputGradient, rate);
            return result;
        }

        _graph.Backward(_graph.OutputGradient);
        if (_undo is not null && !HasFiniteGradients)
            return Undo(result);

        if (Options.Accumulate <= 1)
        {
            Step(rate, Math.Max(1, targets.Counted));
            return result;
        }

        _pending ??= new(_graph.Parameters, Options.Accumulate);
        if (_pending.Add(Math.Max(1, targets.Counted)) is { } frames)
            Step(rate, frames);
        return result;
    }

    /// <summary>Makes the gradients of a batch: forward, loss, backward. A loss that is not finite leaves no gradients.</summary>
    /// <param name="batch">Frames of the training corpus, at least one.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="ready">Called when a part of the gradients is final, with its offset and length; from the end to the begin.</param>
    public BatchResult Backward(FrameBatch batch, TargetBatch targets, Action<long, long> ready)
    {
        if (TryEvaluate(batch, targets, out var result))
            _graph.Backward(_graph.OutputGradient, ready);
        return result;
    }

    /// <summary>Gets a value indicating whether no gradient is NaN or infinite.</summary>
    public bool HasFiniteGradients => _graph.Parameters.Gradients.IsFinite();

    /// <summary>Undoes the last pass, which no step has followed.</summary>
    public void UndoPass() => _undo?.Undo();

    /// <inheritdoc/>
    public BatchResult Probe(FrameBatch batch, TargetBatch targets, out bool isTrainable)
    {
        isTrainable = TryEvaluate(batch, targets, out var result);
        if (!isTrainable)
            return result;

        _graph.Backward(_graph.OutputGradient);
        isTrainable = HasFiniteGradients;
        return Undo(result);
    }

    /// <summary>Steps the optimiser with the gradients as they are.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="frames">The frames that the gradients are sums over.</param>
    public void Step(double rate, int frames)
    {
        _optimiser.Step(_graph.Parameters, rate, frames);
        _graph.Constrain();
    }

    private static bool IsRepair(string name) => name.StartsWith(RepairPrefix, StringComparison.Ordinal);

    // A small step backwards with the gradients of the pass that was made, then a larger one with those that follow from it.
    private void Backstitch(NaturalGradient natural, FrameBatch batch, TargetBatch targets, double rate)
    {
        var placed = new FrameBatch(_train.Place(batch.Rows), batch.Sequences, batch.Context);
        var (step, frames) = (_graph.Step, Math.Max(1, targets.Counted));
        natural.BeginBackstitch();
        _graph.Backward(_graph.OutputGradient);
        natural.Step(_graph.Parameters, rate, frames);
        _graph.Constrain();

        // The same random numbers again.
        _graph.Step = step - 1;
        natural.EndBackstitch();
        var logits = _graph.Forward(_train.Table, placed.Rows, PassMode.Train, placed.Sequences);
        _losses.Train.Evaluate(logits, new(_train.Table, placed, targets), _graph.OutputGradient);
        _graph.Backward(_graph.OutputGradient);
        natural.Step(_graph.Parameters, rate, frames);
    }

    /// <inheritdoc/>
    public BatchResult Validate(FrameBatch batch, TargetBatch targets)
    {
        var logits = _graph.Forward(_validation, batch.Rows, PassMode.Evaluate, batch.Sequences);
        return _losses.Validation.Evaluate(logits, new(_validation, batch, targets), gradient: null);
    }

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
    public void Advance(double share)
    {
        if (Options.Dropout is { } dropout)
            _graph.SetDropout(node => dropout.RateOf(node, share));
    }

    /// <inheritdoc/>
    public void TakePendingStep(double rate)
    {
        if (_pending?.Take() is { } frames)
            Step(rate, frames);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> CopyOptimiser()
    {
        var state = _optimiser.SaveState().ToDictionary(entry => entry.Key, entry => entry.Value.Values);
        foreach (var (name, vector) in _pending?.Save() ?? [])
            state[name] = vector;
        foreach (var (node, statistics) in _graph.CopyRepairs())
            state[RepairPrefix + node] = statistics;
        return state;
    }

    /// <inheritdoc/>
    public void SetOptimiser(IReadOnlyDictionary<string, float[]> state)
    {
        _pending?.Dispose();
        _pending = PendingGradients.Load(_graph.Parameters, Options.Accumulate, state);
        _graph.SetRepairs(state.Where(entry => IsRepair(entry.Key))
            .ToDictionary(entry => entry.Key[RepairPrefix.Length..], entry => entry.Value));
        _optimiser.LoadState(
            state.Where(entry => !PendingGradients.IsOwn(entry.Key) && !IsRepair(entry.Key))
                .ToDictionary(entry => entry.Key, entry => new HostTensor([entry.Value.Length], entry.Value)),
            _graph.Parameters);
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
    public void ResetOptimiser()
    {
        _pending?.Dispose();
        _pending = null;
        _graph.SetRepairs(new Dictionary<string, float[]>());
        _optimiser.Reset();
    }

    /// <summary>Makes the optimiser forget its momentum, where the model was replaced by that of several workers.</summary>
    public void ForgetMomentum() => _optimiser.ForgetMomentum();

    /// <inheritdoc/>
    public void Dispose()
    {
        (_optimiser as IDisposable)?.Dispose();
        _pending?.Dispose();
        _losses.Train.Dispose();
        _losses.Validation.Dispose();
        _undo?.Dispose();
        _graph.Dispose();
        _train.Dispose();
        _validation.Dispose();
    }

    private bool TryEvaluate(FrameBatch batch, TargetBatch targets, out BatchResult result)
    {
        _undo?.Remember();
        var placed = new FrameBatch(_train.Place(batch.Rows), batch.Sequences, batch.Context);
        var logits = _graph.Forward(_train.Table, placed.Rows, PassMode.Train, placed.Sequences);
        result = _losses.Train.Evaluate(logits, new(_train.Table, placed, targets), _graph.OutputGradient);
        if (_undo is null)
            return double.IsFinite(result.Loss);

        var isSound = Math.Abs(result.Loss) <= _lossLimit * Math.Max(1, result.Frames);
        if (isSound)
            _frameLosses.Take(_losses.Train, _graph.OutputGradient, targets);
        else
            result = Undo(result);
        return isSound;
    }

    private BatchResult Undo(BatchResult result)
    {
        _undo?.Undo();
        return result with { IsUndone = true };
    }
}

/// <summary>The losses of a run.</summary>
/// <param name="Train">The loss of the training set.</param>
/// <param name="Validation">The loss of the cross-validation set, with the same measures.</param>
internal sealed record LossPair(ITrainingLoss Train, ITrainingLoss Validation)
{
    /// <summary>Makes the losses of a recipe.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="train">The training set.</param>
    /// <param name="validation">The cross-validation set.</param>
    public static LossPair Of(Recipe recipe, IFrameSet train, FrameCorpus validation) => new(
        ITrainingLoss.Of(recipe, new("train", train, IsTraining: true)),
        ITrainingLoss.Of(recipe, new("cv", validation, IsTraining: false)));
}
