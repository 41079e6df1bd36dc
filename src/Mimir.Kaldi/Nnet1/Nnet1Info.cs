using System.Globalization;
using System.Text;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Describes a network as Kaldi's nnet-info does.</summary>
public static class Nnet1Info
{
    /// <summary>Describes a network: sizes, the number of parameters, and the moments of each parameter.</summary>
    /// <param name="network">The network.</param>
    /// <returns>Lines, each with its end.</returns>
    public static string Describe(Nnet1File network)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"num-components {network.Components.Count}\n");
        if (network.Components.Count == 0)
            return text.ToString();

        text.Append(CultureInfo.InvariantCulture, $"input-dim {network.InputDim}\noutput-dim {network.OutputDim}\n");
        var millions = ((float)ParameterCount(network) / 1e6).ToString("g6", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"number-of-parameters {millions} millions\n");
        for (var i = 0; i < network.Components.Count; i++)
        {
            var c = network.Components[i];
            text.Append(
                CultureInfo.InvariantCulture,
                $"component {i + 1} : <{c.Name}>, input-dim {c.InputDim}, output-dim {c.OutputDim}, {Describe(c)}\n");
        }

        return text.ToString();
    }

    /// <summary>Counts the parameters that training changes.</summary>
    /// <param name="network">The network.</param>
    public static long ParameterCount(Nnet1File network) => network.Components.Sum(ParameterCount);

    /// <summary>Describes the rates and limits of an LSTM layer, in brackets.</summary>
    /// <param name="training">The rates and limits.</param>
    public static string Describe(LstmTraining training) =>
        $"( learn_rate_coef_ {Shown(training.LearnRateCoef)}, bias_learn_rate_coef_ {Shown(training.BiasLearnRateCoef)}, "
        + $"cell_clip_ {Shown(training.CellClip)}, diff_clip_ {Shown(training.DiffClip)}, grad_clip_ {Shown(training.GradClip)} )";

    private static long ParameterCount(NnetComponent component) => component switch
    {
        AffineTransform affine => affine.Weights.Data.Length + affine.Bias.Length,
        LinearTransform linear => linear.Weights.Data.Length,
        ParametricRelu relu => relu.Alpha.Length + relu.Beta.Length,
        AddShift shift => shift.Shift.Length,
        Rescale rescale => rescale.Scale.Length,
        LstmProjected lstm => ParameterCount(lstm.Parameters),
        BlstmProjected blstm => ParameterCount(blstm.Forward) + ParameterCount(blstm.Backward),
        // In Kaldi, RBMs and KL-HMMs are not updatable components, and only those are counted.
        GenericComponent { Kind: "Rbm" or "KlHmm" } => 0,
        GenericComponent generic => generic.Fields.Sum(ParameterCount),
        _ => 0,
    };

    private static long ParameterCount(LstmParameters p) =>
        p.InputWeights.Data.Length + p.RecurrentWeights.Data.Length + p.Bias.Length + (3L * p.CellDim) + p.Projection.Data.Length;

    private static long ParameterCount(NnetField field) => field switch
    {
        MatrixField matrix => matrix.Value.Data.Length,
        VectorField vector => vector.Values.Length,
        VectorsField vectors => vectors.Vectors.Sum(vector => vector.Length),
        NetworkField network => ParameterCount(network.Value),
        NetworksField networks => networks.Networks.Sum(ParameterCount),
        _ => 0,
    };

    private static string Describe(NnetComponent component) => component switch
    {
        AffineTransform affine => Affine(
            "linearity", affine.Weights, affine.LearnRateCoef, affine.MaxNorm, affine.Bias, affine.BiasLearnRateCoef),
        LinearTransform linear => $"{Moments("linearity", linear.Weights.Data)}, lr-coef {Shown(linear.LearnRateCoef)}",
        ParametricRelu relu => $"{Moments("alpha", relu.Alpha)}, alpha-lr-coef {Shown(relu.AlphaLearnRateCoef)}"
            + $"{Moments("beta", relu.Beta)}, beta-lr-coef {Shown(relu.BetaLearnRateCoef)}",
        AddShift shift => $"{Moments("shift_data", shift.Shift)}, lr-coef {Shown(shift.LearnRateCoef)}",
        Rescale rescale => $"{Moments("scale_data", rescale.Scale)}, lr-coef {Shown(rescale.LearnRateCoef)}",
        Dropout dropout => $"<DropoutRate> {Shown(dropout.Rate)}",
        Splice splice => $"\n  frame_offsets [ {string.Join(' ', splice.Offsets)} ]",
        Copy copy => $"\n  min {copy.Indices.Min()}, max {copy.Indices.Max()}",
        LstmProjected lstm => Lstm("cell-dim ", lstm.Parameters, lstm.Training) + Parameters("", lstm.Parameters),
        BlstmProjected blstm => Lstm("cell-dim 2x", blstm.Forward, blstm.Training)
            + "\n  Forward Direction weights:" + Parameters("f_", blstm.Forward)
            + "\n  Backward Direction weights:" + Parameters("b_", blstm.Backward),
        GenericComponent generic => Describe(generic),
        _ => "",
    };

    private static string Describe(GenericComponent c) => c.Kind switch
    {
        "ConvolutionalComponent" => Affine(
            "filters", c.Field<MatrixField>("Filters").Value, c.Float("LearnRateCoef"), c.Float("MaxNorm"),
            c.Field<VectorField>("Bias").Values, c.Float("BiasLearnRateCoef")),
        "RecurrentComponent" => "  " + Moments("w_forward_  ", c.Field<MatrixField>("w_forward_").Value.Data)
            + Moments("w_recurrent_  ", c.Field<MatrixField>("w_recurrent_").Value.Data)
            + Moments("bias_  ", c.Field<VectorField>("bias_").Values),
        "BlockSoftmax" => $"\n  softmax-dims {string.Concat(c.Field<IntVectorField>("BlockDims").Values.Select(dim => $"{dim} "))}",
        "SimpleSentenceAveragingComponent" =>
            $"\n  gradient-boost {Shown(c.Float("GradientBoost"))}, shrinkage: {Shown(c.Float("Shrinkage"))}"
            + $", only summing: {(c.Field<BoolField>("OnlySumming").Value ? 1 : 0)}",
        "SentenceAveragingComponent" => $"nested_network {{\n{Describe(c.Field<NetworkField>("NestedNnet").Value)}}}\n",
        "FramePoolingComponent" => "\n  (offset,weights) : " + string.Concat(
            c.Field<IntVectorField>("FrameOffset").Values.Zip(c.Field<VectorsField>("FrameWeight").Vectors, (offset, weights) =>
                $"({offset}, [ {string.Concat(weights.Select(weight => Shown(weight) + " "))}]\n), ")),
        "ParallelComponent" => "\n" + Networks("nested_network", c.Field<NetworksField>("NestedNnetCount"))[..^1],
        "MultiBasisComponent" => Networks("basis_network", c.Field<NetworksField>("NumBasis"))
            + $"\nselector {{\n{Describe(c.Field<NetworkField>("Selector").Value)}}}",
        _ => "",
    };

    private static string Networks(string title, NetworksField field) => string.Concat(
        field.Networks.Select((network, i) => $"{title} #{i + 1} {{\n{Describe(network)}}}\n"));

    private static string Affine(string title, FloatMatrix weights, float rate, float maxNorm, float[] bias, float biasRate) =>
        $"{Moments(title, weights.Data)}, lr-coef {Shown(rate)}, max-norm {Shown(maxNorm)}"
        + $"{Moments("bias", bias)}, lr-coef {Shown(biasRate)}";

    private static string Lstm(string title, LstmParameters parameters, LstmTraining training) =>
        $"{title}{parameters.CellDim} {Describe(training)}";

    private static string Parameters(string prefix, LstmParameters p) =>
        Moments($"{prefix}w_gifo_x_  ", p.InputWeights.Data) + Moments($"{prefix}w_gifo_r_  ", p.RecurrentWeights.Data)
        + Moments($"{prefix}bias_  ", p.Bias) + Moments($"{prefix}peephole_i_c_  ", p.InputPeephole)
        + Moments($"{prefix}peephole_f_c_  ", p.ForgetPeephole) + Moments($"{prefix}peephole_o_c_  ", p.OutputPeephole)
        + Moments($"{prefix}w_r_m_  ", p.Projection.Data);

    private static string Moments(string title, float[] values) => $"\n  {title}{MomentStatistics.Of(values)}";

    private static string Shown(float value) => MomentStatistics.Shown(value);
}
