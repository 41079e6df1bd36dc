namespace Mimir.Dist.Updates;

/// <summary>Options of <see cref="SyncUpdate"/>.</summary>
public sealed record SyncOptions : UpdateOptions
{
    /// <summary>Gets the elements of a bucket, which are summed at a time. The default is 2^20, that is 4 MB.</summary>
    public int BucketElements { get; init; } = 1 << 20;

    /// <summary>Gets how gradients travel. The default is as they are.</summary>
    /// <remarks>Compressed ones go over the transport, never through shared memory: they pay across slow networks.</remarks>
    public GradientCompression Compression { get; init; }

    /// <inheritdoc/>
    public override double BatchScale(int workers, int machines) => workers;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public void Validate() => RequirePositive(BucketElements, "bucket elements");
}
