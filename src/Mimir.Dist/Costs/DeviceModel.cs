namespace Mimir.Dist.Costs;

/// <summary>How fast one device computes: a step of f frames takes <see cref="StepOverhead"/> + f / <see cref="FramesPerSecond"/>.</summary>
public sealed record DeviceModel
{
    /// <summary>Gets the frames a second that one device alone trains on: forward, backward and step, at the recipe's batch.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Gets what a step takes besides, whatever its frames, in seconds. The default is 0.</summary>
    public double StepOverhead { get; init; }

    /// <summary>Gets the part of a step's time that is the backward pass, the end of the step. The default is 2/3.</summary>
    public double BackwardShare { get; init; } = 2.0 / 3;

    /// <summary>Gets how many times faster cross-validation goes than training. The default is 3: it is the forward pass alone.</summary>
    public double ValidationSpeedup { get; init; } = 3;

    /// <summary>Gets the bytes a second of a pass over the model in the device's memory, reading and writing counted each.</summary>
    public required double MemoryBandwidth { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Validate()
    {
        ClusterModel.Require(FramesPerSecond > 0 && double.IsFinite(FramesPerSecond), "a rate above 0 frames a second", FramesPerSecond);
        ClusterModel.Require(StepOverhead >= 0 && double.IsFinite(StepOverhead), "an overhead of a step from 0 seconds", StepOverhead);
        ClusterModel.Require(BackwardShare is >= 0 and <= 1, "a share of the backward pass from 0 to 1", BackwardShare);
        ClusterModel.Require(ValidationSpeedup > 0 && double.IsFinite(ValidationSpeedup), "a speed of validation above 0", ValidationSpeedup);
        ClusterModel.Require(
            MemoryBandwidth > 0 && double.IsFinite(MemoryBandwidth), "a memory bandwidth above 0 bytes a second", MemoryBandwidth);
    }
}
