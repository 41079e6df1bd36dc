using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>A layer of long short-term memory, with peepholes and projection when asked for. It needs sequences.</summary>
/// <remarks>
/// H. Sak et al.: Long short-term memory recurrent neural network architectures for large scale acoustic modeling, 2014;
/// gates, clipping and initial values as in nnet1's LstmProjected. Truncated batches carry its state by stream.
/// </remarks>
/// <param name="Cells">The number of cells.</param>
public record LstmSpec(int Cells) : BlockSpec
{
    /// <summary>Gets the dimension that the output is projected to, or 0 for none: the output then has a value a cell.</summary>
    [JsonRequired]
    public int Projection { get; init; }

    /// <summary>Gets a value indicating whether the gates see the cells. The default is true.</summary>
    [JsonRequired]
    public bool Peepholes { get; init; } = true;

    /// <summary>Gets the limit of the cells' values; 0 is none. The default is nnet1's 50.</summary>
    [JsonRequired]
    public float CellClip { get; init; } = 50;

    /// <summary>Gets the limit of the gates' derivatives at a frame; 0 is none. The default is nnet1's 1.</summary>
    [JsonRequired]
    public float DiffClip { get; init; } = 1;

    /// <summary>Gets the limit of the cells' derivatives at a frame; the default, 0, is none.</summary>
    [JsonRequired]
    public float CellDiffClip { get; init; }

    /// <summary>Gets the limit of a parameter's gradient with its momentum; 0 is none. The default is nnet1's 250.</summary>
    [JsonRequired]
    public float GradClip { get; init; } = 250;

    /// <summary>Gets the half width of the uniform distribution of the initial values around 0. The default is nnet1's 0.1.</summary>
    [JsonRequired]
    public float ParamRange { get; init; } = 0.1f;

    /// <summary>Gets what is added to the initial biases of the forget gates. The default is 0 (nnet1's BLSTM has 1).</summary>
    [JsonRequired]
    public float ForgetBias { get; init; }

    /// <summary>Gets the factor on the learning rate of the matrices. The default is 1.</summary>
    [JsonRequired]
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor on the learning rate of biases and peepholes. The default is 1.</summary>
    [JsonRequired]
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the number of outputs of one direction.</summary>
    internal int Outputs => Projection > 0 ? Projection : Cells;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LstmBlock(this, inputDim, [""]);
}

/// <summary>Two <see cref="LstmSpec"/> layers over the same sequences, one in each direction, their outputs side by side.</summary>
/// <remarks>nnet1's BlstmProjected. A truncated batch carries the forward half's state; the backward half sees the batch alone.</remarks>
public sealed record BlstmSpec : LstmSpec
{
    /// <summary>Initialises a new instance of the <see cref="BlstmSpec"/> class.</summary>
    /// <param name="Cells">The number of cells of one direction.</param>
    public BlstmSpec(int Cells)
        : base(Cells) => ForgetBias = 1;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LstmBlock(this, inputDim, ["forward.", "backward."]);
}

/// <summary>A bidirectional layer that waits for a limited time only: latency-controlled BLSTM. It needs sequences.</summary>
/// <remarks>
/// Y. Zhang et al.: Highway long short-term memory RNNs for distant speech recognition, 2016. The forward half is an
/// <see cref="LstmSpec"/> over the whole sequence. The backward half starts from nothing at the end of each chunk's right
/// context; what it gives for the context itself is thrown away. So a chunk's output needs its right context and no more.
/// </remarks>
/// <param name="Half">The options of either half, as those of <see cref="BlstmSpec"/>.</param>
/// <param name="Chunk">The frames of a chunk, from a sequence's beginning on; at least 1.</param>
/// <param name="RightContext">The frames behind a chunk that its backward half sees; 0 or more.</param>
public sealed record LcBlstmSpec(LstmSpec Half, int Chunk, int RightContext) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LcBlstmBlock(this, inputDim);
}

/// <summary>Several inputs side by side, in the order of the names.</summary>
public sealed record AppendSpec : BlockSpec
{
    /// <inheritdoc/>
    internal override bool TakesManyInputs => true;

    /// <inheritdoc/>
    internal override bool TakesAnyDimensions => true;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new AppendBlock(inputDim);
}
