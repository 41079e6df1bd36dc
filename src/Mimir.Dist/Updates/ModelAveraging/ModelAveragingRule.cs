using System.Numerics.Tensors;
using Mimir.Dist.Updates.Blocks;

namespace Mimir.Dist.Updates.ModelAveraging;

/// <summary>Model averaging: W = sum of n_i / n W_i, where n_i of the block's n frames were done by worker i.</summary>
/// <remarks>
/// The weights are those of CNTK's BasicModelAveragingSGD, but that a worker without frames, whose data have ended, stands for
/// the last model with the weight of one of N. The last blocks of an epoch are of few workers: without it they would move the
/// model by whole steps of one worker, at a rate that was chosen for the mean of N.
/// </remarks>
/// <param name="forgetMomentum">True when the optimiser's momentum is forgotten after an average; CNTK keeps it.</param>
internal sealed class ModelAveragingRule(bool forgetMomentum = false) : IBlockRule
{
    private float[] _anchor = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Vectors => new Dictionary<string, float[]> { ["anchor"] = _anchor };

    /// <inheritdoc/>
    public bool ForgetsMomentum => forgetMomentum;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> model) => _anchor = model.ToArray();

    /// <inheritdoc/>
    public void Contribute(ReadOnlySpan<float> local, Span<float> contribution, BlockShare share)
    {
        if (share.Frames > 0)
            TensorPrimitives.Multiply(
                local, (float)((double)share.Active / share.Workers * share.Frames / share.TotalFrames), contribution);
        else
            TensorPrimitives.Divide(_anchor, share.Workers, contribution);
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> sum, Span<float> model, BlockShare share)
    {
        sum.CopyTo(model);
        sum.CopyTo(_anchor);
    }
}
