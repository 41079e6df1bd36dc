using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>A time-delay layer: an affine transform of several frames side by side. The ends of an utterance repeat.</summary>
public sealed record TdnnLayer : LayerRecipe
{
    /// <summary>The transform.</summary>
    [IncludeOptions]
    public TdnnSpec Transform { get; init; } = new() { OutputDim = 0, Activation = Activation.Relu };

    /// <summary>True: batch normalisation follows the activation.</summary>
    [Option("batch-norm")]
    public bool BatchNorm { get; init; }

    /// <summary>The share of outputs that dropout sets to zero in training.</summary>
    [Option("dropout", Min = 0, Max = 1, MaxExcluded = true)]
    public double Dropout { get; init; }

    /// <summary>The standard deviation of the initial weights; without it that of <c>affine</c>.</summary>
    [Option("param-stddev", Min = 0)]
    public double? ParamStddev { get; init; }

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems => FrameOffsets.Problems("offsets", Transform.Offsets);

    /// <inheritdoc/>
    internal override Port AddTo(ModelNodes nodes, IReadOnlyList<Port> inputs)
    {
        var (input, dim) = (inputs[0], Transform.OutputDim);
        var start = InitialWeights.Of(Transform.Activation, input.Dim * Transform.Offsets.Count, dim, input.Signal);
        var port = nodes.Add(Name ?? nodes.NewName("tdnn"), Transform with
        {
            ParamStddev = (float)(ParamStddev ?? start.ParamStddev),
            BiasMean = start.BiasMean,
            BiasRange = start.BiasRange,
        }, input, dim, InitialWeights.SignalOf(Transform.Activation));
        return nodes.Regularise(Name, port, BatchNorm, Dropout);
    }
}

/// <summary>Frames relative to another.</summary>
internal static class FrameOffsets
{
    /// <summary>The problem of a list that is empty, or has a frame twice.</summary>
    public static IEnumerable<(string Key, string Problem)> Problems(string key, IReadOnlyList<int> frames)
    {
        if (frames.Count == 0 || frames.Distinct().Count() < frames.Count)
            yield return (key, $"expected frames, each once, such as [-3, 0, 3], got [{string.Join(", ", frames)}]");
    }
}
