using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>Lays frames at several offsets side by side: Kaldi's Splice. Takes the graph's input only.</summary>
/// <param name="Offsets">In frames, in the order of the output; the ends of an utterance repeat. <c>[0]</c> takes the frame alone.</param>
public sealed record SpliceSpec(IReadOnlyList<int> Offsets) : BlockSpec
{
    /// <inheritdoc/>
    internal override bool ReadsFrames => true;

    /// <summary>A splice of all frames from <paramref name="left"/> before to <paramref name="right"/> after.</summary>
    /// <param name="left">Frames before, at least 0.</param>
    /// <param name="right">Frames after, at least 0.</param>
    public static SpliceSpec Context(int left, int right) => new([.. Enumerable.Range(-left, left + 1 + right)]);

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SpliceBlock(inputDim, Offsets);
}

/// <summary>Adds a constant to each dimension: y = x + shift.</summary>
/// <param name="Shift">One number a dimension.</param>
public sealed record AddShiftSpec(IReadOnlyList<float> Shift) : BlockSpec
{
    /// <summary>Gets the factor on the learning rate. The default, 0, keeps the values as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float LearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => Shift.Count;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConstantBlock(Shift, isScale: false, LearnRateCoef);
}

/// <summary>Multiplies each dimension by a constant: y = x * scale.</summary>
/// <param name="Scale">One number a dimension.</param>
public sealed record RescaleSpec(IReadOnlyList<float> Scale) : BlockSpec
{
    /// <summary>Gets the factor on the learning rate. The default, 0, keeps the values as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public float LearnRateCoef { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => Scale.Count;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new ConstantBlock(Scale, isScale: true, LearnRateCoef);
}

/// <summary>y = activation(W x + b), W <c>[OutputDim, InputDim]</c>: nnet1's AffineTransform with the component after it.</summary>
public sealed record AffineSpec : BlockSpec
{
    /// <summary>Gets the number of outputs.</summary>
    public required int OutputDim { get; init; }

    /// <summary>Gets the number of inputs that is expected, or 0 (the default) to take what comes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int InputDim { get; init; }

    /// <summary>Gets the non-linearity. The default is none.</summary>
    [JsonRequired]
    public Activation Activation { get; init; }

    /// <summary>Gets the standard deviation of the initial weights, normal with mean 0. The default is nnet1's 0.1.</summary>
    [JsonRequired]
    public float ParamStddev { get; init; } = 0.1f;

    /// <summary>Gets the middle of the initial biases. The default is nnet1's -2.</summary>
    [JsonRequired]
    public float BiasMean { get; init; } = -2;

    /// <summary>Gets the width of the uniform distribution of the initial biases. The default is nnet1's 2.</summary>
    [JsonRequired]
    public float BiasRange { get; init; } = 2;

    /// <summary>Gets the factor on the learning rate of the weights. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor on the learning rate of the biases. The default is 1.</summary>
    [JsonRequired]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the greatest norm of one neuron's weights, which are scaled back to it after a step; 0 is no limit.</summary>
    [JsonRequired]
    public float MaxNorm { get; init; }

    /// <inheritdoc/>
    internal override int RequiredInputDim => InputDim;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new AffineBlock(this, inputDim);
}

/// <summary>Normalises each dimension over the batch, then scales and shifts by learnt parameters.</summary>
/// <remarks>
/// S. Ioffe, C. Szegedy: Batch normalization, 2015. The variance is the population's, of the batch as of the running
/// average, so that a batch of one frame is defined. Running averages are parameters that no gradient moves.
/// </remarks>
public sealed record BatchNormSpec : BlockSpec
{
    /// <summary>Gets what is added to the variance. The default is 1e-5.</summary>
    [JsonRequired]
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Gets the weight of a new batch in the running averages, in (0, 1]. The default is 0.1.</summary>
    [JsonRequired]
    public float Momentum { get; init; } = 0.1f;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new BatchNormBlock(this, inputDim);
}

/// <summary>In training, zeroes each value with a probability and scales the others so that the expectation stays.</summary>
/// <remarks>As nnet1's Dropout: y = x / (1 - rate) where kept. Nothing happens in evaluation.</remarks>
/// <param name="Rate">The probability of zero, in [0, 1).</param>
public sealed record DropoutSpec(float Rate) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new DropoutBlock(Rate, inputDim);
}

/// <summary>y = e^x / sum of e^x. As the last node it is left to the loss, which takes what comes before it.</summary>
public sealed record SoftmaxSpec : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SoftmaxBlock(inputDim);
}

/// <summary>The sum of several inputs of one dimension, each times its scale: where branches of a graph join.</summary>
public sealed record SumSpec : BlockSpec
{
    /// <summary>Gets the factor of each input, or null (the default) for 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<float>? Scales { get; init; }

    /// <inheritdoc/>
    internal override bool TakesManyInputs => true;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new SumBlock(inputDim, Scales);
}
