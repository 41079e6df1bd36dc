using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1;

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
