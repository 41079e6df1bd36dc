using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>
/// Self-attention over a window of frames, as Kaldi's attention-relu-renorm-layer: an affine transform to keys, values and queries,
/// the attention, ReLU, and a scaling to unit root mean square.
/// </summary>
public sealed record AttentionLayer : RepeatedLayer
{
    /// <summary>The attention.</summary>
    [IncludeOptions]
    public RestrictedAttentionSpec Attention { get; init; } = new();

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        name ??= nodes.NewName("attention");
        var start = InitialWeights.Of(Activation.None, input.Dim, Attention.InputDim, input.Signal);
        var heads = nodes.Add($"{name}.affine", start, input, Attention.InputDim, Signal.Open);
        var dim = Attention.OutputDimOf(heads.Dim);
        var attended = nodes.Add($"{name}.attention", Attention, heads, dim, Signal.Open);
        var rectified = nodes.Add($"{name}.relu", new ActivationSpec(Activation.Relu), attended, dim, Signal.Open);
        var port = nodes.Add(name, new RenormSpec(), rectified, dim, Signal.Open);
        return nodes.Regularise(name, port, batchNorm: false, Dropout);
    }
}
