using System.Numerics.Tensors;

namespace Mimir.Dist.Updates.Rules;

/// <summary>Model averaging: W = sum of n_i / n W_i, where n_i of the block's n frames were done by worker i.</summary>
/// <remarks>The weights are those of CNTK's BasicModelAveragingSGD.</remarks>
/// <param name="forgetMomentum">Whether local momentum is forgotten after an average; CNTK keeps it.</param>
public sealed class ModelAveragingRule(bool forgetMomentum = false) : IBlockRule
{
    private float[] _anchor = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Vectors => new Dictionary<string, float[]> { ["anchor"] = _anchor };

    /// <inheritdoc/>
    public bool ForgetsMomentum => forgetMomentum;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> model) => _anchor = model.ToArray();

    /// <inheritdoc/>
    public void Contribute(ReadOnlySpan<float> local, Span<float> contribution, BlockShare share) =>
        TensorPrimitives.Multiply(local, (float)((double)share.Frames / share.TotalFrames), contribution);

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> sum, Span<float> model, BlockShare share)
    {
        sum.CopyTo(model);
        sum.CopyTo(_anchor);
    }
}
