using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.Sync;

/// <summary>The gradients of all workers are summed at every step.</summary>
public sealed record SyncOptions : UpdateOptions
{
    private const double ElementsOfMegabyte = (1 << 20) / sizeof(float);

    /// <summary>Megabytes (2^20 bytes) of gradients that are summed at a time, while the backward pass goes on.</summary>
    [Option("bucket-mb", Min = 0, Max = 1024)]
    public double BucketMegabytes
    {
        get => BucketElements / ElementsOfMegabyte;
        init => BucketElements = Math.Max(1, (int)Math.Round(value * ElementsOfMegabyte));
    }

    /// <summary>
    /// The form in which gradients travel; for slow networks. <c>one-bit</c> adds what is lost to the next step's gradients.
    /// </summary>
    /// <remarks>Compressed ones go over the transport, never through shared memory.</remarks>
    [Option("compression")]
    public GradientCompression Compression { get; init; }

    /// <summary>Gets the elements of a bucket; 2^20 are 4 MB.</summary>
    public int BucketElements { get; init; } = 1 << 20;

    /// <summary>
    /// True when gradients are summed during the backward pass; null: only where the network has its part
    /// in it. Sums in shared memory are all the processor's own work, which has none to spare when all workers train.
    /// </summary>
    public bool? Overlap { get; init; }

    /// <inheritdoc/>
    public override bool SumsGradients => true;

    /// <inheritdoc/>
    public override bool CompressesGradients => Compression != GradientCompression.None;

    /// <inheritdoc/>
    public override bool SplitsBatches => true;

    /// <inheritdoc/>
    public override bool PassesSignals => true;

    /// <inheritdoc/>
    public override double BatchScale(int workers, int machines) => workers;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (BucketElements < 1)
            throw new InputException($"expected at least 1 element a bucket, got {BucketElements}");
    }

    /// <inheritdoc/>
    public override EpochTime EpochTime(EpochWork work) => SyncCost.Epoch(work, this);

    /// <inheritdoc/>
    private protected override IUpdateMode CreateMode(UpdateContext context) => new SyncUpdate(this, context);
}

/// <summary>The form in which gradients travel.</summary>
public enum GradientCompression
{
    /// <summary>As they are: 4 bytes an element.</summary>
    None,

    /// <summary>Half precision: 2 bytes an element.</summary>
    [Choice("fp16")]
    Half,

    /// <summary>One bit an element and two means a block of 512; what is lost is added to the next step's gradients.</summary>
    OneBit,
}
