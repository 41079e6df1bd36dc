using Mimir.Base.Options;
using Mimir.Core.Blocks;

namespace Mimir.Train.Layers;

/// <summary>
/// A factorised time-delay layer, Kaldi's tdnnf-layer: a semi-orthogonal bottleneck, ReLU, batch normalisation, dropout, and its
/// input added.
/// </summary>
public sealed record TdnnfLayer : RepeatedLayer
{
    /// <summary>The number of outputs.</summary>
    [Option("dim", Min = 1, Max = 1 << 20, Required = true)]
    public int Dim { get; init; }

    /// <summary>The number of values of the bottleneck, below <c>dim</c>.</summary>
    [Option("bottleneck", Min = 1, Max = 1 << 20, Required = true)]
    public int Bottleneck { get; init; }

    /// <summary>
    /// The distance in frames: the bottleneck sees its frame and the one so many before, the transform after it the one so many
    /// after; 0 for neither.
    /// </summary>
    [Option("time-stride", Min = -1000, Max = 1000)]
    public int TimeStride { get; init; } = 1;

    /// <summary>The factor of the input that is added to the output; 0 adds nothing. An input of another dimension is not added.</summary>
    [Option("bypass-scale", Min = -1, Max = 1)]
    public double BypassScale { get; init; } = 0.66;

    /// <summary>The factor on the learning rate.</summary>
    [Option("learn-rate-coef", Min = 0)]
    public double LearnRateCoef { get; init; } = 1;

    /// <inheritdoc/>
    internal override Sequencing Sequencing => Sequencing.Whole;

    /// <inheritdoc/>
    internal override IEnumerable<(string Key, string Problem)> Problems
    {
        get
        {
            if (Bottleneck >= Dim)
                yield return ("bottleneck", $"expected less than dim, {Dim}, got {Bottleneck}");
        }
    }

    /// <inheritdoc/>
    private protected override Port AddCopy(ModelNodes nodes, string? name, Port input)
    {
        name ??= nodes.NewName("tdnnf");
        int[] before = TimeStride == 0 ? [0] : [-TimeStride, 0];
        int[] after = TimeStride == 0 ? [0] : [0, TimeStride];

        // Kaldi's deviation of the initial weights: 1 / sqrt(inputs).
        var linear = nodes.Add($"{name}.linear", new TdnnSpec
        {
            OutputDim = Bottleneck,
            Offsets = before,
            HasBias = false,
            Orthonormal = -1,
            ParamStddev = 1 / MathF.Sqrt(before.Length * input.Dim),
            LearnRateCoef = (float)LearnRateCoef,
        }, input, Bottleneck, Signal.Open);
        var affine = nodes.Add($"{name}.affine", new TdnnSpec
        {
            OutputDim = Dim,
            Offsets = after,
            Activation = Activation.Relu,
            ParamStddev = 1 / MathF.Sqrt(after.Length * Bottleneck),
            LearnRateCoef = (float)LearnRateCoef,
            BiasLearnRateCoef = (float)LearnRateCoef,
        }, linear, Dim);
        var bypassed = BypassScale != 0 && input.Dim == Dim;
        var dropped = Dropout > 0;
        var port = nodes.Add(bypassed || dropped ? $"{name}.batch-norm" : name, new BatchNormSpec { Epsilon = 1e-3f }, affine, Dim);
        if (dropped)
            port = nodes.Add(bypassed ? $"{name}.dropout" : name, new DropoutSpec((float)Dropout), port, Dim);

        return bypassed
            ? nodes.Add(name, SumLayer.Block([(float)BypassScale, 1]), [input, port], Dim, Signal.Open)
            : port;
    }
}
