using Mimir.Core.Tensors;

namespace Mimir.Core.Losses;

/// <summary>What the losses of soft targets demand of their arguments.</summary>
internal static class SoftTargetRules
{
    public static void Check(Tensor output, SoftTargets targets, ReadOnlySpan<float> frameWeights)
    {
        if (targets.Frames != output.Rows)
            throw new ArgumentException($"{output.Rows} frames need as many targets, got {targets.Frames}.", nameof(targets));
        if (frameWeights.Length != 0 && frameWeights.Length != output.Rows)
            throw new ArgumentException(
                $"{output.Rows} frames need as many weights or none, got {frameWeights.Length}.", nameof(frameWeights));
    }

    /// <summary>Weights as native code takes them: an empty part of an array has an address, where null means none.</summary>
    internal static ReadOnlySpan<float> NoneOrAll(ReadOnlySpan<float> weights) => weights.IsEmpty ? [] : weights;
}
