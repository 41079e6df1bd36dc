namespace Mimir.Dist.Updates;

/// <summary>Options of blockwise model-update filtering.</summary>
public sealed record BmufOptions : UpdateOptions
{
    /// <summary>Gets the frames that a worker does in a block. The default is 25,600.</summary>
    public long PeriodFrames { get; init; } = 25_600;

    /// <summary>Gets the block momentum m in [0, 1); null, the default, is 1 - 1/N for N workers.</summary>
    public double? BlockMomentum { get; init; }

    /// <summary>Gets the block learning rate. The default is 1.</summary>
    public double BlockRate { get; init; } = 1;

    /// <summary>Gets a value indicating whether the gain is BlockRate (1 - m), as CNTK's, in place of BlockRate / N, as Chen and Huo's.</summary>
    /// <remarks>The two are the same for m = 1 - 1/N. The default is false.</remarks>
    public bool GainFromMomentum { get; init; }

    /// <summary>Gets how the momentum moves the model. The default is Nesterov's, as in CNTK.</summary>
    public BlockMomentumKind Kind { get; init; } = BlockMomentumKind.Nesterov;

    /// <summary>Gets a value indicating whether local momentum is forgotten after a block. The default is true, as in CNTK.</summary>
    public bool ForgetMomentum { get; init; } = true;

    /// <summary>Gets the frames of all workers, from the start, during which blocks are plain averages. The default is 0.</summary>
    public long WarmUpFrames { get; init; }

    /// <summary>The options that CNTK's blockSize, timeConstant and worker count stand for.</summary>
    /// <param name="blockSize">The frames of a block of all workers.</param>
    /// <param name="timeConstant">The block momentum's time constant in frames of all workers: m = exp(-blockSize / timeConstant).</param>
    /// <param name="workers">The number of workers.</param>
    public static BmufOptions FromTimeConstant(long blockSize, double timeConstant, int workers)
    {
        var period = blockSize / workers;
        return new()
        {
            PeriodFrames = period,
            BlockMomentum = Math.Exp(-period / (timeConstant / workers)),
            GainFromMomentum = true,
        };
    }

    /// <summary>The options that fairseq's defaults stand for.</summary>
    /// <param name="periodFrames">The frames of a worker's 50 batches.</param>
    public static BmufOptions LikeFairseq(long periodFrames) => new()
    {
        PeriodFrames = periodFrames,
        BlockMomentum = 0.875,
        Kind = BlockMomentumKind.Classical,
        ForgetMomentum = false,
    };

    /// <summary>The block momentum for a number of workers.</summary>
    /// <param name="workers">The members of the group.</param>
    public double MomentumOf(int workers) => BlockMomentum ?? RateScaling.BlockMomentum(workers);

    /// <summary>The gain g that the summed block gradient is taken with.</summary>
    /// <param name="workers">The members of the group.</param>
    public double GainOf(int workers) => BlockRate * (GainFromMomentum ? 1 - MomentumOf(workers) : 1.0 / workers);

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public void Validate()
    {
        RequirePositive(PeriodFrames, "frames of a block");
        RequireWithin(BlockMomentum ?? 0, 0, Math.BitDecrement(1.0), "block momentum");
        RequireWithin(BlockRate, double.Epsilon, 1e6, "block rate");
    }
}
