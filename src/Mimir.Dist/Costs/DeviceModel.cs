using Mimir.Base.Options;

namespace Mimir.Dist.Costs;

/// <summary>The speed of one device: a step of f frames takes <see cref="StepOverhead"/> + f / <see cref="FramesPerSecond"/>.</summary>
public sealed record DeviceModel
{
    /// <summary>The frames a second that one device alone trains on: forward, backward and step.</summary>
    [Option("frames-per-second", Min = 0, MinExcluded = true, Required = true)]
    public required double FramesPerSecond { get; init; }

    /// <summary>Gets the fixed time of a step, whatever its frames, in seconds.</summary>
    public double StepOverhead { get; init; }

    /// <summary>The fixed time of a step, whatever its frames, in microseconds.</summary>
    [Option("step-overhead-us", Min = 0, Max = 1e9)]
    public double StepOverheadMicroseconds
    {
        get => StepOverhead * 1e6;
        init => StepOverhead = value / 1e6;
    }

    /// <summary>The part of a step that is the backward pass, with which exchanges overlap.</summary>
    [Option("backward-share", Min = 0, Max = 1)]
    public double BackwardShare { get; init; } = 2.0 / 3;

    /// <summary>The speed of cross-validation, the forward pass alone, as a multiple of that of training.</summary>
    [Option("validation-speedup", Min = 0, MinExcluded = true)]
    public double ValidationSpeedup { get; init; } = 3;

    /// <summary>Gets the bytes a second of a pass over the model in the device's memory, reading and writing counted each.</summary>
    public required double MemoryBandwidth { get; init; }

    /// <summary>Gigabytes (1e9 bytes) a second of a pass over the model in the device's memory, reading and writing counted each.</summary>
    [Option("memory-bandwidth-gb", Min = 0, MinExcluded = true, Required = true)]
    public double MemoryGigabytes
    {
        get => MemoryBandwidth / 1e9;
        init => MemoryBandwidth = value * 1e9;
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    internal void Validate()
    {
        ClusterModel.Require(FramesPerSecond > 0 && double.IsFinite(FramesPerSecond), "a rate above 0 frames a second", FramesPerSecond);
        ClusterModel.Require(StepOverhead >= 0 && double.IsFinite(StepOverhead), "an overhead of a step from 0 seconds", StepOverhead);
        ClusterModel.Require(BackwardShare is >= 0 and <= 1, "a share of the backward pass from 0 to 1", BackwardShare);
        ClusterModel.Require(
            ValidationSpeedup > 0 && double.IsFinite(ValidationSpeedup), "a speed of validation above 0", ValidationSpeedup);
        ClusterModel.Require(
            MemoryBandwidth > 0 && double.IsFinite(MemoryBandwidth), "a memory bandwidth above 0 bytes a second", MemoryBandwidth);
    }
}
