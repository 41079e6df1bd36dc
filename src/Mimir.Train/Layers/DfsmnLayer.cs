using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>
/// A deep FSMN layer: a linear projection, a memory of weighted earlier and later frames (zeros beyond the ends of an utterance)
/// that adds to the memory of the dfsmn layer before, and an affine transform with ReLU.
/// </summary>
/// <remarks>S. Zhang et al.: Deep-FSMN for large vocabulary continuous speech recognition, 2018.</remarks>
public sealed record DfsmnLayer : RepeatedLayer
{
    /// <summary>The number of outputs.</summary>
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public int Dim { get; init; }

    /// <summary>The number of values of the memory.</summary>
    [Option("projection", Min = 1, Max = 1 << 20, Required = true)]
    public int Projection { get; init; }

    /// <summary>The memory.</summary>
    [IncludeOptions]
    public DfsmnMemorySpec Memory { get; init; } = new();

    /// <summary>True: the memory of the dfsmn layer right before is added, where it has the same size.</summary>
    [Option("skip")]
    public bool Skip { get; init; } = true;

    /// <summary>The factor on the learning rate.</summary>
    [Option("learn-rate-coef", Min = 0)]
    public float LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        name ??= nodes.NewName("dfsmn");
        var projected = nodes.Add($"{name}.projection", new LinearSpec(Projection)
        {
            ParamStddev = 1 / MathF.Sqrt(input.Dim),
            LearnRateCoef = LearnRateCoef,
        }, input, Projection, Signal.Open);
        var memory = nodes.Add($"{name}.memory", Memory with { LearnRateCoef = LearnRateCoef }, projected, Projection);
        if (Skip && input.Memory is { } before && before.Dim == Projection)
            memory = nodes.Add($"{name}.skip", new SumSpec(), [memory, before], Projection, Signal.Open);

        var start = InitialWeights.Of(Activation.Relu, Projection, Dim, Signal.Open);
        var port = nodes.Add(
            name, start with { LearnRateCoef = LearnRateCoef, BiasLearnRateCoef = LearnRateCoef }, memory, Dim, Signal.Open);
        return nodes.Regularise(name, port, batchNorm: false, Dropout) with { Memory = memory };
    }
}
