using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1.Prototypes;

/// <summary>Makes the component of a prototype's line, with Kaldi's options, defaults and order of random numbers.</summary>
internal sealed partial class ComponentInitialiser(NnetPrototype prototype, PrototypeLine line, CLibraryRandom random, KaldiIoOptions io)
{
    private readonly int _inputs = line.InputDim;
    private readonly int _outputs = line.OutputDim;

    private float _rate = 1;
    private float _biasRate = 1;
    private float _maxNorm;
    private float _deviation = 0.1f;
    private float _biasMean = -2;
    private float _biasRange = 2;

    /// <summary>Makes the component.</summary>
    /// <exception cref="InputException">The line names no component, or an option that it does not have.</exception>
    /// <exception cref="ArgumentException">The sizes contradict each other.</exception>
    public NnetComponent Make() => line.Marker.ToUpperInvariant() switch
    {
        "<AFFINETRANSFORM>" => Affine(),
        "<LINEARTRANSFORM>" => Linear(),
        "<SIGMOID>" => new Sigmoid(Plain()),
        "<TANH>" => new Tanh(Plain()),
        "<SOFTMAX>" => new Softmax(Plain()),
        "<PARAMETRICRELU>" => ParametricRelu(),
        "<DROPOUT>" => Dropout(),
        "<SPLICE>" => Splice(),
        "<COPY>" => Copy(),
        "<ADDSHIFT>" => new AddShift(Diagonal()) { LearnRateCoef = _rate },
        "<RESCALE>" => new Rescale(Diagonal()) { LearnRateCoef = _rate },
        "<LSTMPROJECTED>" or "<LSTMPROJECTEDSTREAMS>" => Lstm(),
        "<BLSTMPROJECTED>" or "<BLSTMPROJECTEDSTREAMS>" => Blstm(),
        _ => Generic(),
    };

    private AffineTransform Affine()
    {
        Read(WeightOptions(withBias: true));
        var weights = Normal(_outputs, _inputs);
        return new(weights, UniformBias(_outputs)) { LearnRateCoef = _rate, BiasLearnRateCoef = _biasRate, MaxNorm = _maxNorm };
    }

    private LinearTransform Linear()
    {
        var file = "";
        Read(new(WeightOptions(withBias: false)) { ["ReadMatrix"] = () => file = line.Word() });
        if (file.Length == 0)
            return new(Normal(_outputs, _inputs)) { LearnRateCoef = _rate };

        return KaldiReader.ReadFile(file, io, (reader, binary) =>
        {
            var matrix = reader.ReadMatrix(binary);
            return matrix.Rows == _outputs && matrix.Columns == _inputs
                ? new LinearTransform(matrix) { LearnRateCoef = _rate }
                : throw reader.Error($"expected a matrix of {_outputs} x {_inputs}, got {matrix.Rows} x {matrix.Columns}.");
        });
    }

    private ParametricRelu ParametricRelu()
    {
        var (alpha, beta, alphaRate, betaRate) = (1f, 0f, 0f, 0f);
        Read(new()
        {
            ["Alpha"] = () => alpha = line.Float(),
            ["Beta"] = () => beta = line.Float(),
            ["AlphaLearnRateCoef"] = () => alphaRate = line.Float(),
            ["BetaLearnRateCoef"] = () => betaRate = line.Float(),
        });
        return new(Filled(Square(), alpha), Filled(_outputs, beta)) { AlphaLearnRateCoef = alphaRate, BetaLearnRateCoef = betaRate };
    }

    private Dropout Dropout()
    {
        var rate = 0.5f;
        Read(new() { ["DropoutRate"] = () => rate = line.Float() });
        return rate is >= 0 and < 1 ? new(Square()) { Rate = rate } : throw line.Error($"expected a rate from 0 to 1, got {rate}");
    }

    private Splice Splice()
    {
        var offsets = IndexVector();
        return (long)offsets.Length * _inputs == _outputs
            ? new(_inputs, offsets)
            : throw line.Error($"expected {_outputs} outputs of {_inputs} inputs, got {offsets.Length} offsets");
    }

    private Copy Copy()
    {
        var indices = Array.ConvertAll(IndexVector(), index => index - 1);
        return indices.Length == _outputs && indices.All(index => index >= 0 && index < _inputs)
            ? new(_inputs, indices)
            : throw line.Error($"expected {_outputs} indices from 1 to {_inputs}");
    }

    private float[] Diagonal()
    {
        var value = 0f;
        Read(new() { ["InitParam"] = () => value = line.Float(), ["LearnRateCoef"] = () => _rate = line.Float() });
        return Filled(Square(), value);
    }

    private LstmProjected Lstm()
    {
        var training = LstmOptions(out var cells, out var range);
        return new(LstmParameters(cells, _outputs, range, forgetBias: 0), training);
    }

    private BlstmProjected Blstm()
    {
        var training = LstmOptions(out var cells, out var range);
        if (_outputs % 2 != 0)
            throw line.Error($"expected an even number of outputs, got {_outputs}");

        var forward = LstmParameters(cells, _outputs / 2, range, forgetBias: 1);
        return new(forward, LstmParameters(cells, _outputs / 2, range, forgetBias: 1), training);
    }

    private LstmTraining LstmOptions(out int cells, out float range)
    {
        var (count, width, usual) = (0, 0.1f, new LstmTraining());
        var (cellClip, diffClip, cellDiffClip, gradClip) = (usual.CellClip, usual.DiffClip, usual.CellDiffClip, usual.GradClip);
        Read(new()
        {
            ["ParamRange"] = () => width = line.Float(),
            ["CellDim"] = () => count = line.Int(),
            ["LearnRateCoef"] = () => _rate = line.Float(),
            ["BiasLearnRateCoef"] = () => _biasRate = line.Float(),
            ["CellClip"] = () => cellClip = line.Float(),
            ["DiffClip"] = () => diffClip = line.Float(),
            ["CellDiffClip"] = () => cellDiffClip = line.Float(),
            ["GradClip"] = () => gradClip = line.Float(),
        });
        if (count <= 0 || count > int.MaxValue / 4)
            throw line.Error($"expected a positive <CellDim>, got {count}");
        if (_rate < 0 || _biasRate < 0)
            throw line.Error("expected factors of the learning rate from 0");

        (cells, range) = (count, width);
        return usual with
        {
            LearnRateCoef = _rate,
            BiasLearnRateCoef = _biasRate,
            CellClip = cellClip,
            DiffClip = diffClip,
            CellDiffClip = cellDiffClip,
            GradClip = gradClip,
        };
    }

    // Arguments are evaluated from left to right, which is Kaldi's order of random numbers.
    private LstmParameters LstmParameters(int cells, int projections, float range, float forgetBias)
    {
        var parameters = new LstmParameters(
            Uniform(4 * cells, _inputs, range), Uniform(4 * cells, projections, range), UniformVector(4 * cells, 0, 2 * range),
            UniformVector(cells, 0, 2 * range), UniformVector(cells, 0, 2 * range), UniformVector(cells, 0, 2 * range),
            Uniform(projections, cells, range));
        // The rows of the forget gate are the third part of g, i, f and o.
        for (var cell = 2 * cells; cell < 3 * cells; cell++)
            parameters.Bias[cell] += forgetBias;

        return parameters;
    }

    // Kaldi: <BuildVector> has ranges of offsets or indices as in Matlab: b, b:e and b:step:e, where e belongs to the sequence.
    private int[] IndexVector()
    {
        int[] given = [];
        var built = new List<int>();
        Read(new()
        {
            ["ReadVector"] = () => given = line.Ints(),
            ["BuildVector"] = () =>
            {
                foreach (var record in line.WordsUntil("</BuildVector>"))
                    AddRange(built, line.Separated(record, ':'));
            },
        });
        return built.Count > 0 ? [.. built] : given;
    }

    private void AddRange(List<int> values, int[] record)
    {
        var (first, step, last) = record switch
        {
            [var only] => (only, 1, only),
            [var from, var to] => (from, 1, to),
            [var from, var by, var to] => (from, by, to),
            _ => throw line.Error("expected b, b:e or b:step:e"),
        };
        if (first > last || step <= 0 || (((long)last - first) / step) + 1 + values.Count > Math.Max(_outputs, 1))
            throw line.Error($"expected at most {_outputs} rising numbers, got '{string.Join(':', record)}'");

        for (long value = first; value <= last; value += step)
            values.Add((int)value);
    }

    private Dictionary<string, Action> WeightOptions(bool withBias)
    {
        var options = new Dictionary<string, Action>
        {
            ["ParamStddev"] = () => _deviation = line.Float(),
            ["LearnRateCoef"] = () => _rate = line.Float(),
        };
        if (withBias)
        {
            options["BiasMean"] = () => _biasMean = line.Float();
            options["BiasRange"] = () => _biasRange = line.Float();
            options["BiasLearnRateCoef"] = () => _biasRate = line.Float();
            options["MaxNorm"] = () => _maxNorm = line.Float();
        }

        return options;
    }

    private void Read(Dictionary<string, Action> options) => line.ReadOptions(options);

    private int Plain()
    {
        Read([]);
        return Square();
    }

    private int Square() => _inputs == _outputs
        ? prototype.Claim(line, _outputs, 1)
        : throw line.Error($"expected as many outputs as inputs, got {_outputs} and {_inputs}");

    private static float[] Filled(int count, float value)
    {
        var values = new float[count];
        Array.Fill(values, value);
        return values;
    }

    private FloatMatrix Normal(int rows, int columns)
    {
        prototype.Claim(line, rows, columns);
        var matrix = new FloatMatrix(rows, columns);
        random.Normal(matrix.Data, _deviation);
        return matrix;
    }

    private FloatMatrix Uniform(int rows, int columns, float range)
    {
        prototype.Claim(line, rows, columns);
        var matrix = new FloatMatrix(rows, columns);
        random.Uniform(matrix.Data, 0, 2 * range);
        return matrix;
    }

    private float[] UniformBias(int count) => UniformVector(count, _biasMean, _biasRange);

    private float[] UniformVector(int count, float mean, float range)
    {
        var values = new float[prototype.Claim(line, count, 1)];
        random.Uniform(values, mean, range);
        return values;
    }
}
