using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Losses;
using TorchSharp;

namespace Mimir.Train.Training;

/// <summary>The cross-entropy of each frame of a batch, taken from the gradient, which has it already.</summary>
/// <remarks>The gradient at the target's output is its posterior less 1. Where targets are shares, or weighed, there are none.</remarks>
internal sealed class FrameLosses
{
    // The resolution of a posterior that is taken from the gradient.
    private const float LeastPosterior = 1e-7f;

    private float[] _losses = [];
    private int _count;

    /// <summary>Gets the losses, in the order of the batch.</summary>
    public ReadOnlySpan<float> Losses => _losses.AsSpan(0, _count);

    /// <summary>Takes those of a batch.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="gradient">Its gradient <c>[N, C]</c>, before the backward pass.</param>
    /// <param name="targets">The targets.</param>
    public void Take(ITrainingLoss loss, Tensor gradient, TargetBatch targets)
    {
        _count = loss is CrossEntropyLoss && targets.Soft is null && targets.Weights.IsEmpty ? targets.Classes.Length : 0;
        if (_count == 0)
            return;

        if (_losses.Length < _count)
            _losses = new float[_count];
        using var scope = torch.NewDisposeScope();
        var places = torch.tensor(Array.ConvertAll(targets.Classes.ToArray(), place => (long)place), device: gradient.device);
        gradient.gather(1, places.unsqueeze(1)).CopyTo(_losses.AsSpan(0, _count));
        foreach (ref var value in _losses.AsSpan(0, _count))
            value = -MathF.Log(Math.Max(LeastPosterior, 1 + value));
    }
}
