using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>The options of steps besides those of the optimiser.</summary>
internal sealed record StepOptions
{
    /// <summary>Gets the number of minibatches whose gradients make one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Gets the size of the repairing gradient of non-linearities; 0 for none.</summary>
    public double SelfRepair { get; init; }

    /// <summary>Gets the rates of dropout over the data; null for each layer's own.</summary>
    public DropoutSchedule? Dropout { get; init; }
}

/// <summary>The sum of the gradients of some minibatches, which make one step.</summary>
/// <param name="parameters">The store whose gradients are gathered.</param>
/// <param name="batches">The number of minibatches of a step.</param>
internal sealed class PendingGradients(ParameterStore parameters, int batches) : IDisposable
{
    private const string SumKey = "pending.gradients", CountsKey = "pending.counts";

    private readonly Tensor _sum = parameters.StatisticsAndGradients.zeros_like();
    private int _batches, _frames;

    /// <summary>True for the name of a vector of a checkpoint that is of this class.</summary>
    public static bool IsOwn(string name) => name is SumKey or CountsKey;

    /// <summary>Restores what <see cref="Save"/> returned; null where nothing was gathered.</summary>
    /// <exception cref="InputException">It is of another network, or of another number of minibatches.</exception>
    public static PendingGradients? Load(ParameterStore parameters, int batches, IReadOnlyDictionary<string, float[]> state)
    {
        if (!state.TryGetValue(SumKey, out var sum) || !state.TryGetValue(CountsKey, out var counts))
            return null;
        if (sum.Length != parameters.StatisticsAndGradients.Count || counts is not [var done, var frames] || done >= batches)
            throw new InputException($"'{SumKey}' is of another network, or of fewer minibatches a step");

        var pending = new PendingGradients(parameters, batches) { _batches = (int)done, _frames = (int)frames };
        pending._sum.CopyFrom(sum);
        return pending;
    }

    /// <summary>Adds the gradients of a minibatch.</summary>
    /// <param name="frames">The frames that they are sums over.</param>
    /// <returns>The frames of the step that is due, whose gradients are in the store then; null when none is.</returns>
    public int? Add(int frames)
    {
        _sum.Accumulate(parameters.StatisticsAndGradients);
        (_batches, _frames) = (_batches + 1, _frames + frames);
        return _batches == batches ? Take() : null;
    }

    /// <summary>Ends the gathering.</summary>
    /// <returns>As <see cref="Add"/>; null when nothing is gathered.</returns>
    public int? Take()
    {
        if (_batches == 0)
            return null;

        parameters.StatisticsAndGradients.copy_(_sum);
        _sum.zero_();
        var frames = _frames;
        (_batches, _frames) = (0, 0);
        return frames;
    }

    /// <summary>Copies the sum for a checkpoint; empty where nothing is gathered.</summary>
    public Dictionary<string, float[]> Save() => _batches == 0
        ? []
        : new() { [SumKey] = _sum.ToArray(), [CountsKey] = [_batches, _frames] };

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();
}
