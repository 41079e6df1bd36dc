namespace Mimir.Dist.Updates;

/// <summary>Options of <see cref="SyncUpdate"/>.</summary>
public sealed record SyncOptions : UpdateOptions
{
    /// <summary>Gets the elements of a bucket, which are summed at a time. The default is 2^20, that is 4 MB.</summary>
    public int BucketElements { get; init; } = 1 << 20;

    /// <summary>Gets how gradients travel. The default is as they are.</summary>
    /// <remarks>Compressed ones go over the transport, never through shared memory: they pay across slow networks.</remarks>
    public GradientCompression Compression { get; init; }

    /// <summary>
    /// Gets whether gradients are summed while the backward pass goes on; null, the default: only where the network has its
    /// part in it. Sums in shared memory are all the processor's own work, of which there is none to spare when all train.
    /// </summary>
    public bool? Overlap { get; init; }

    /// <inheritdoc/>
    public override double BatchScale(int workers, int machines) => workers;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public void Validate() => RequirePositive(BucketElements, "bucket elements");
}
