namespace Mimir.Dist.Updates.Blocks;

/// <summary>Makes the models of a block's workers into one: mathematics without communication.</summary>
/// <remarks>
/// Contribute(local model) is summed over all workers; Apply(sum) gives the model that all go on with. The state depends
/// on the sums alone, so it is the same on all workers, and one instance can serve several of one process.
/// </remarks>
internal interface IBlockRule
{
    /// <summary>Gets the vectors that the next block depends on, by name; the model at the last block is "anchor".</summary>
    IReadOnlyDictionary<string, float[]> Vectors { get; }

    /// <summary>True when the optimiser's momentum is forgotten after a block.</summary>
    bool ForgetsMomentum { get; }

    /// <summary>Starts from a model.</summary>
    /// <param name="model">The same on all workers.</param>
    void Start(ReadOnlySpan<float> model);

    /// <summary>Makes one worker's part of the sum.</summary>
    /// <param name="local">Its model after its local steps; left as it is.</param>
    /// <param name="contribution">Filled.</param>
    /// <param name="share">Its part in the block.</param>
    void Contribute(ReadOnlySpan<float> local, Span<float> contribution, BlockShare share);

    /// <summary>Takes over the settings that may change during a run; on all workers before the same block.</summary>
    /// <param name="options">Of the same mode.</param>
    void Tune(BlockOptions options)
    {
        // Most rules have none.
    }

    /// <summary>Makes the sum into the model that all go on with.</summary>
    /// <param name="sum">The contributions of all workers, added.</param>
    /// <param name="model">Filled.</param>
    /// <param name="share">The block; a worker's own frames do not matter.</param>
    void Apply(ReadOnlySpan<float> sum, Span<float> model, BlockShare share);
}

/// <summary>One worker's part in a block.</summary>
/// <param name="Workers">The members of the group.</param>
/// <param name="Active">The number of members with frames since the last block, at least 1.</param>
/// <param name="Frames">The frames that this worker has done since the last block.</param>
/// <param name="TotalFrames">The frames of all, more than 0.</param>
/// <param name="FramesBefore">The frames of all in all blocks before.</param>
internal readonly record struct BlockShare(int Workers, int Active, long Frames, long TotalFrames, long FramesBefore);
