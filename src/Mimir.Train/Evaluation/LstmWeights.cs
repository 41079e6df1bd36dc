using Mimir.Core.Blocks;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Evaluation;

/// <summary>The recurrent layers of nnet1 as blocks and back: the same parameters in the same order.</summary>
public static class LstmWeights
{
    /// <summary>The prefixes of the names of a BLSTM's parameters, by direction.</summary>
    public const string Forward = "forward.", Backward = "backward.";

    private const string InputWeights = "w-x", RecurrentWeights = "w-r", Bias = "bias", InputPeephole = "peephole-i",
        ForgetPeephole = "peephole-f", OutputPeephole = "peephole-o", Projection = "w-p";

    /// <summary>The block of an LSTM.</summary>
    public static LstmSpec SpecOf(LstmProjected lstm) => new(lstm.Parameters.CellDim)
    {
        Projection = lstm.OutputDim,
        CellClip = lstm.Training.CellClip,
        DiffClip = lstm.Training.DiffClip,
        CellDiffClip = lstm.Training.CellDiffClip,
        GradClip = lstm.Training.GradClip,
        LearnRateCoef = lstm.Training.LearnRateCoef,
        BiasLearnRateCoef = lstm.Training.BiasLearnRateCoef,
    };

    /// <summary>The block of a BLSTM.</summary>
    public static BlstmSpec SpecOf(BlstmProjected blstm) => new(blstm.Forward.CellDim)
    {
        Projection = blstm.OutputDim / 2,
        CellClip = blstm.Training.CellClip,
        DiffClip = blstm.Training.DiffClip,
        CellDiffClip = blstm.Training.CellDiffClip,
        GradClip = blstm.Training.GradClip,
        LearnRateCoef = blstm.Training.LearnRateCoef,
        BiasLearnRateCoef = blstm.Training.BiasLearnRateCoef,
    };

    /// <summary>The training options that nnet1 keeps of a block beside its parameters.</summary>
    public static LstmTraining TrainingOf(LstmSpec spec) => new()
    {
        CellClip = spec.CellClip,
        DiffClip = spec.DiffClip,
        CellDiffClip = spec.CellDiffClip,
        GradClip = spec.GradClip,
        LearnRateCoef = spec.LearnRateCoef,
        BiasLearnRateCoef = spec.BiasLearnRateCoef,
    };

    /// <summary>Stores the parameters of one direction under the names of a graph's slices.</summary>
    public static void Store(Dictionary<string, HostTensor> weights, string prefix, LstmParameters parameters)
    {
        void StoreMatrix(string name, FloatMatrix matrix) => weights[prefix + name] = new([matrix.Rows, matrix.Columns], matrix.Data);
        void StoreVector(string name, float[] vector) => weights[prefix + name] = new([vector.Length], vector);
        StoreMatrix(InputWeights, parameters.InputWeights);
        StoreMatrix(RecurrentWeights, parameters.RecurrentWeights);
        StoreVector(Bias, parameters.Bias);
        StoreVector(InputPeephole, parameters.InputPeephole);
        StoreVector(ForgetPeephole, parameters.ForgetPeephole);
        StoreVector(OutputPeephole, parameters.OutputPeephole);
        StoreMatrix(Projection, parameters.Projection);
    }

    /// <summary>Reads the parameters of one direction from a graph; those that a block lacks become 0, or the identity.</summary>
    /// <param name="spec">The block.</param>
    /// <param name="inputDim">The values of an input frame.</param>
    /// <param name="get">Returns the values of a parameter of the direction.</param>
    public static LstmParameters Read(LstmSpec spec, int inputDim, Func<string, float[]> get)
    {
        var outputs = spec.Projection > 0 ? spec.Projection : spec.Cells;
        float[] Peephole(string name) => spec.Peepholes ? [.. get(name)] : new float[spec.Cells];
        return new(
            new FloatMatrix(4 * spec.Cells, inputDim, [.. get(InputWeights)]),
            new FloatMatrix(4 * spec.Cells, outputs, [.. get(RecurrentWeights)]),
            [.. get(Bias)],
            Peephole(InputPeephole),
            Peephole(ForgetPeephole),
            Peephole(OutputPeephole),
            spec.Projection > 0 ? new FloatMatrix(outputs, spec.Cells, [.. get(Projection)]) : Identity(spec.Cells));
    }

    /// <summary>The parameters of nnet1's, in its order, each with nnet1's name and the name in a graph.</summary>
    public static IReadOnlyList<(string Kaldi, string Name)> Names { get; } =
    [
        ("w_gifo_x", InputWeights), ("w_gifo_r", RecurrentWeights), ("bias", Bias), ("peephole_i_c", InputPeephole),
        ("peephole_f_c", ForgetPeephole), ("peephole_o_c", OutputPeephole), ("w_r_m", Projection),
    ];

    private static FloatMatrix Identity(int dim)
    {
        var matrix = new FloatMatrix(dim, dim);
        for (var i = 0; i < dim; i++)
            matrix[i, i] = 1;

        return matrix;
    }
}
