using System.Numerics.Tensors;
using Mimir.Dist.Updates.Blocks;

namespace Mimir.Dist.Updates.Bmuf;

/// <summary>Blockwise model-update filtering: momentum on the level of blocks.</summary>
/// <remarks>
/// <para>With W the model at the last block, W_i the workers' models after their local steps, m the block momentum and g
/// the gain: G = sum of (W - W_i), D = m D + g G. Then W becomes
/// <see cref="BlockMomentumKind.Classical"/>: W - D; <see cref="BlockMomentumKind.Nesterov"/>: W - D - m D (as CNTK's
/// BlockMomentumSGD and fairseq's BMUF do); <see cref="BlockMomentumKind.LookAhead"/>: W - g G - m D (Nesterov's method as
/// Chen and Huo write it, where the look-ahead is no part of the model that moves).</para>
/// <para>Chen and Huo, "Scalable training of deep learning machines by incremental block training with intra-block
/// parallel optimization and blockwise model-update filtering", ICASSP 2016.</para>
/// </remarks>
/// <param name="options">Momentum, gain, kind and warm-up.</param>
internal sealed class BmufRule(BmufOptions options) : IBlockRule
{
    private BmufOptions _options = options;
    private float[] _anchor = [];
    private float[] _momentum = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Vectors =>
        new Dictionary<string, float[]> { ["anchor"] = _anchor, ["momentum"] = _momentum };

    /// <inheritdoc/>
    public bool ForgetsMomentum => _options.ForgetMomentum;

    /// <inheritdoc/>
    public void Start(ReadOnlySpan<float> model)
    {
        _anchor = model.ToArray();
        _momentum = new float[model.Length];
    }

    /// <inheritdoc/>
    public void Tune(BlockOptions options)
    {
        if (options is BmufOptions other)
            _options = _options with { BlockMomentum = other.BlockMomentum, BlockRate = other.BlockRate };
    }

    /// <inheritdoc/>
    public void Contribute(ReadOnlySpan<float> local, Span<float> contribution, BlockShare share) =>
        TensorPrimitives.Subtract(_anchor, local, contribution);

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> sum, Span<float> model, BlockShare share)
    {
        if (share.FramesBefore < _options.WarmUpFrames)
        {
            // Warming up: the plain mean, W - G / N.
            TensorPrimitives.MultiplyAdd(sum, -1f / share.Workers, _anchor, model);
        }
        else
        {
            var momentum = (float)_options.MomentumOf(share.Workers);
            var gain = (float)_options.GainOf(share.Workers);

            // D = m D + g G
            TensorPrimitives.Multiply(_momentum, momentum, _momentum);
            TensorPrimitives.MultiplyAdd(sum, gain, _momentum, _momentum);

            // W - D, or with the look-ahead taken back W - g G
            if (_options.Kind == BlockMomentumKind.LookAhead)
                TensorPrimitives.MultiplyAdd(sum, -gain, _anchor, model);
            else
                TensorPrimitives.Subtract(_anchor, _momentum, model);

            // Nesterov's look-ahead: - m D
            if (_options.Kind != BlockMomentumKind.Classical)
                TensorPrimitives.MultiplyAdd(_momentum, -momentum, model, model);
        }

        model.CopyTo(_anchor);
    }
}
