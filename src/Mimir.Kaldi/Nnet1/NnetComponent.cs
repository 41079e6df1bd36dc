using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1;

/// <summary>The sizes and parameters of a component of an nnet1 network. It computes nothing.</summary>
/// <param name="InputDim">The size of its input.</param>
/// <param name="OutputDim">The size of its output.</param>
public abstract record NnetComponent(int InputDim, int OutputDim)
{
    /// <summary>Gets the name of the component in files, without angle brackets.</summary>
    public virtual string Name => GetType().Name;
}

/// <summary><c>y = W x + b</c>.</summary>
/// <param name="Weights"><c>[O, I]</c>, O outputs of I inputs.</param>
/// <param name="Bias"><c>[O]</c>.</param>
public sealed record AffineTransform(FloatMatrix Weights, float[] Bias) : NnetComponent(Weights.Columns, Weights.Rows)
{
    /// <summary>Gets the factor of the learning rate for the weights; 1 by default.</summary>
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor of the learning rate for the bias; 1 by default.</summary>
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the largest norm of a row of weights; 0, the default, sets no limit.</summary>
    public float MaxNorm { get; init; }
}

/// <summary><c>y = W x</c>.</summary>
/// <param name="Weights"><c>[O, I]</c>.</param>
public sealed record LinearTransform(FloatMatrix Weights) : NnetComponent(Weights.Columns, Weights.Rows)
{
    /// <summary>Gets the factor of the learning rate; 1 by default.</summary>
    public float LearnRateCoef { get; init; } = 1;
}

/// <summary><c>y = 1 / (1 + exp(-x))</c>.</summary>
/// <param name="Dim">The size of input and output.</param>
public sealed record Sigmoid(int Dim) : NnetComponent(Dim, Dim);

/// <summary><c>y = tanh(x)</c>.</summary>
/// <param name="Dim">The size of input and output.</param>
public sealed record Tanh(int Dim) : NnetComponent(Dim, Dim);

/// <summary><c>y = exp(x) / sum exp(x)</c>.</summary>
/// <param name="Dim">The size of input and output.</param>
public sealed record Softmax(int Dim) : NnetComponent(Dim, Dim);

/// <summary><c>y = alpha x</c> where x is positive, else <c>beta x</c>.</summary>
/// <param name="Alpha">The slopes of the positive side, <c>[D]</c>.</param>
/// <param name="Beta">The slopes of the negative side, <c>[D]</c>.</param>
public sealed record ParametricRelu(float[] Alpha, float[] Beta) : NnetComponent(Alpha.Length, Alpha.Length)
{
    /// <summary>Gets the factor of the learning rate for alpha; 0, the default, keeps alpha fixed.</summary>
    public float AlphaLearnRateCoef { get; init; }

    /// <summary>Gets the factor of the learning rate for beta; 0, the default, keeps beta fixed.</summary>
    public float BetaLearnRateCoef { get; init; }
}

/// <summary>Puts neighbouring frames side by side; frames beyond the utterance repeat its first or last.</summary>
/// <param name="InputDim">The size of a frame.</param>
/// <param name="Offsets">The frames to take, relative to the present one.</param>
public sealed record Splice(int InputDim, int[] Offsets) : NnetComponent(InputDim, InputDim * Offsets.Length);

/// <summary>Selects and rearranges columns.</summary>
/// <param name="InputDim">The size of the input.</param>
/// <param name="Indices">The input of each output, from 0 (files count from 1).</param>
public sealed record Copy(int InputDim, int[] Indices) : NnetComponent(InputDim, Indices.Length);

/// <summary><c>y = x + shift</c>.</summary>
/// <param name="Shift"><c>[D]</c>.</param>
public sealed record AddShift(float[] Shift) : NnetComponent(Shift.Length, Shift.Length)
{
    /// <summary>Gets the factor of the learning rate; 1 by default, 0 keeps the shift fixed.</summary>
    public float LearnRateCoef { get; init; } = 1;
}

/// <summary><c>y = x * scale</c>, element by element.</summary>
/// <param name="Scale"><c>[D]</c>.</param>
public sealed record Rescale(float[] Scale) : NnetComponent(Scale.Length, Scale.Length)
{
    /// <summary>Gets the factor of the learning rate; 1 by default, 0 keeps the scale fixed.</summary>
    public float LearnRateCoef { get; init; } = 1;
}

/// <summary>Sets elements to zero at random in training.</summary>
/// <param name="Dim">The size of input and output.</param>
public sealed record Dropout(int Dim) : NnetComponent(Dim, Dim)
{
    /// <summary>Gets the share of elements that are dropped; 0.5 by default.</summary>
    public float Rate { get; init; } = 0.5f;
}

/// <summary>
/// The parameters of one direction of an LSTM with peepholes and a recurrent projection. C cells, P projections, I inputs; the
/// four parts of 4C rows are g (the cell's input), i, f and o (the gates).
/// </summary>
/// <param name="InputWeights"><c>[4C, I]</c>.</param>
/// <param name="RecurrentWeights"><c>[4C, P]</c>.</param>
/// <param name="Bias"><c>[4C]</c>.</param>
/// <param name="InputPeephole"><c>[C]</c>, from the previous cell to i.</param>
/// <param name="ForgetPeephole"><c>[C]</c>, from the previous cell to f.</param>
/// <param name="OutputPeephole"><c>[C]</c>, from the present cell to o.</param>
/// <param name="Projection"><c>[P, C]</c>.</param>
public sealed record LstmParameters(
    FloatMatrix InputWeights,
    FloatMatrix RecurrentWeights,
    float[] Bias,
    float[] InputPeephole,
    float[] ForgetPeephole,
    float[] OutputPeephole,
    FloatMatrix Projection)
{
    /// <summary>Gets the number of cells.</summary>
    public int CellDim => InputPeephole.Length;
}

/// <summary>The learning rates and limits of an LSTM layer.</summary>
public sealed record LstmTraining
{
    /// <summary>Gets the factor of the learning rate for matrices; 1 by default.</summary>
    public float LearnRateCoef { get; init; } = 1;

    /// <summary>Gets the factor of the learning rate for bias and peepholes; 1 by default.</summary>
    public float BiasLearnRateCoef { get; init; } = 1;

    /// <summary>Gets the largest magnitude of a cell in the forward pass; 50 by default.</summary>
    public float CellClip { get; init; } = 50;

    /// <summary>Gets the largest magnitude of a derivative at the gates; 1 by default.</summary>
    public float DiffClip { get; init; } = 1;

    /// <summary>Gets the largest magnitude of a derivative at the cell; 0, the default, sets no limit.</summary>
    public float CellDiffClip { get; init; }

    /// <summary>Gets the largest magnitude of an element of the gradient; 250 by default.</summary>
    public float GradClip { get; init; } = 250;
}

/// <summary>An LSTM layer whose output is its projection.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="Training">Their learning rates and limits.</param>
public sealed record LstmProjected(LstmParameters Parameters, LstmTraining Training)
    : NnetComponent(Parameters.InputWeights.Columns, Parameters.Projection.Rows);

/// <summary>Two LSTM layers, one for each direction of the utterance; the output is <c>[forward, backward]</c>.</summary>
/// <param name="Forward">The parameters of the forward direction.</param>
/// <param name="Backward">The parameters of the backward direction.</param>
/// <param name="Training">Their learning rates and limits.</param>
public sealed record BlstmProjected(LstmParameters Forward, LstmParameters Backward, LstmTraining Training)
    : NnetComponent(Forward.InputWeights.Columns, 2 * Forward.Projection.Rows);
