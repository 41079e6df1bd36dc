namespace Mimir.Dist.Updates.Rules;

/// <summary>What a block of local steps is made into: mathematics without communication.</summary>
/// <remarks>
/// Contribute(local model) is summed over all workers; Apply(sum) gives the model that all go on with. The state depends
/// on the sums alone, so it is the same on all workers, and one instance can serve several of one process.
/// </remarks>
public interface IBlockRule
{
    /// <summary>Gets the vectors that the next block depends on, by name; the model at the last block is "anchor".</summary>
    IReadOnlyDictionary<string, float[]> Vectors { get; }

    /// <summary>Gets a value indicating whether local momentum is forgotten after a block.</summary>
    bool ForgetsMomentum { get; }

    /// <summary>Starts from a model.</summary>
    /// <param name="model">The same on all workers.</param>
    void Start(ReadOnlySpan<float> model);

    /// <summary>What one worker puts into the sum.</summary>
    /// <param name="local">Its model after its local steps; left as it is.</param>
    /// <param name="contribution">Filled.</param>
    /// <param name="share">Its part in the block.</param>
    void Contribute(ReadOnlySpan<float> local, Span<float> contribution, BlockShare share);

    /// <summary>Makes the sum into the model that all go on with.</summary>
    /// <param name="sum">The contributions of all workers, added.</param>
    /// <param name="model">Filled.</param>
    /// <param name="share">The block; a worker's own frames do not matter.</param>
    void Apply(ReadOnlySpan<float> sum, Span<float> model, BlockShare share);
}
