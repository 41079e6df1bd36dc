using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Averages;

/// <summary>One mean that each model moves.</summary>
internal abstract class RunningMean : IModelAverage
{
    private const string MeanKey = "mean", CountKey = "count";
    private const int Radix = 1 << 20;

    private float[]? _mean;
    private long _count;

    /// <summary>Gets the name of the mean in reports.</summary>
    protected abstract string Description { get; }

    /// <inheritdoc/>
    public abstract bool TakesStep(TrainingState state);

    /// <inheritdoc/>
    public abstract bool TakesEpoch(EpochRecord record);

    /// <inheritdoc/>
    public void Add(float[] model)
    {
        _count++;
        if (_mean is null)
            _mean = model;
        else
            AveragedModel.Move(_mean, model, (float)ShareOf(_count));
    }

    /// <inheritdoc/>
    public AveragedModel? Choose(Func<float[], double?> validate) =>
        _mean is not null && validate(_mean) is { } loss ? new(_mean, loss, Description) : null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Save() => _mean is null
        ? new Dictionary<string, float[]>()
        : new Dictionary<string, float[]> { [MeanKey] = [.. _mean], [CountKey] = [_count / Radix, _count % Radix] };

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, float[]> state)
    {
        _mean = state.GetValueOrDefault(MeanKey);
        _count = state.GetValueOrDefault(CountKey) is [var high, var low] ? ((long)high * Radix) + (long)low : 0;
    }

    /// <summary>The share of a model in the new mean.</summary>
    /// <param name="count">The number of models, this one included; at least 2.</param>
    protected abstract double ShareOf(long count);
}

/// <summary>The exponential moving average of the model over all steps.</summary>
/// <remarks>The decay of step n is min(decay, (1 + n) / (10 + n)), as in TensorFlow's ExponentialMovingAverage.</remarks>
/// <param name="decay">The share of the mean that stays.</param>
internal sealed class MovingAverage(double decay) : RunningMean
{
    /// <inheritdoc/>
    protected override string Description => "the moving average";

    /// <inheritdoc/>
    public override bool TakesStep(TrainingState state) => true;

    /// <inheritdoc/>
    public override bool TakesEpoch(EpochRecord record) => false;

    /// <inheritdoc/>
    protected override double ShareOf(long count) => 1 - Math.Min(decay, (1.0 + count) / (10 + count));
}

/// <summary>The plain mean of models of the last part of training.</summary>
/// <remarks>P. Izmailov et al.: Averaging weights leads to wider optima and better generalization, 2018.</remarks>
/// <param name="recipe">The part and the pace.</param>
/// <param name="epochs">The number of epochs of the schedule.</param>
internal sealed class WeightAverage(SwaRecipe recipe, int epochs) : RunningMean
{
    /// <inheritdoc/>
    protected override string Description => "the average of weights";

    /// <inheritdoc/>
    public override bool TakesStep(TrainingState state) =>
        recipe.Every > 0 && state.TotalSteps % recipe.Every == 0 && IsLate(state.Epoch);

    /// <inheritdoc/>
    public override bool TakesEpoch(EpochRecord record) => recipe.Every == 0 && IsLate(record.Epoch);

    /// <inheritdoc/>
    protected override double ShareOf(long count) => 1.0 / count;

    private bool IsLate(int epoch) => epoch > recipe.From * epochs;
}
