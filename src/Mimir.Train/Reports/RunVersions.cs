namespace Mimir.Train.Reports;

/// <summary>What a run is done with.</summary>
public sealed record RunVersions
{
    /// <summary>Mimir's own version.</summary>
    public string Mimir { get; init; } = "";

    /// <summary>The .NET runtime.</summary>
    public string Dotnet { get; init; } = "";

    /// <summary>libtorch, or null when it is not known.</summary>
    public string? Libtorch { get; init; }

    /// <summary>CUDA, or null without it.</summary>
    public string? Cuda { get; init; }

    /// <summary>The operating system.</summary>
    public string System { get; init; } = "";
}

/// <summary>What a run is done on.</summary>
public sealed record RunHardware
{
    /// <summary>The device that trains: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public string Device { get; init; } = "";

    /// <summary>The name of the device's processor, or null when it is not known.</summary>
    public string? Processor { get; init; }

    /// <summary>Cores of the machine.</summary>
    public int Cores { get; init; }

    /// <summary>Threads of the run.</summary>
    public int Threads { get; init; }

    /// <summary>Memory of the machine in bytes, or null when it is not known.</summary>
    public long? MemoryBytes { get; init; }
}
