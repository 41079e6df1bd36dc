namespace Mimir.Dist.Collectives.Devices;

/// <summary>The types of elements in device memory, by NCCL's numbers.</summary>
public enum DeviceType
{
    /// <summary>IEEE half precision.</summary>
    HalfPrecision = 6,

    /// <summary>IEEE single precision.</summary>
    SinglePrecision = 7,

    /// <summary>The upper half of single precision.</summary>
    BrainPrecision = 9,
}
