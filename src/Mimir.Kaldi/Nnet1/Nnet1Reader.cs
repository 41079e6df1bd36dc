using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Reads the components of a network and checks their parameters against the sizes in their headers.</summary>
/// <param name="reader">The data, after the mark of binary files.</param>
/// <param name="binary">True for binary data, false for text.</param>
/// <param name="depth">The number of networks around this one.</param>
internal sealed partial class Nnet1Reader(KaldiReader reader, bool binary, int depth = 0)
{
    private string _name = "";
    private int _inputs;
    private int _outputs;

    // A token that was read and belongs to the next component, in old files without <!EndOfComponent>.
    private string? _ahead;

    public List<NnetComponent> ReadComponents()
    {
        var components = new List<NnetComponent>();
        while (true)
        {
            if (_ahead is null)
            {
                reader.SkipWhite();
                if (reader.Peek() < 0)
                {
                    return components.Count > 0 && depth == 0
                        ? components
                        : throw reader.Error("expected a network up to </Nnet>, the file ends here.");
                }
            }

            var marker = _ahead ?? reader.ReadToken();
            _ahead = null;
            if (Is(marker, "<Nnet>"))
                continue;
            if (Is(marker, "</Nnet>"))
                return components;

            components.Add(ReadComponent(marker));
            if (_ahead is null && NextIsEndMark())
                reader.ReadToken();
        }
    }

    /// <summary>Reads a whole network and checks that its components fit together.</summary>
    public Nnet1File ReadNetwork()
    {
        var components = ReadComponents();
        try
        {
            return new Nnet1File(components);
        }
        catch (InputException e)
        {
            throw reader.Error(e.Message);
        }
    }

    private static bool Is(string marker, string name) => string.Equals(marker, name, StringComparison.OrdinalIgnoreCase);

    private NnetComponent ReadComponent(string marker)
    {
        if (marker.Length < 3 || marker[0] != '<' || marker[^1] != '>')
            throw reader.Error($"expected a component like <AffineTransform>, got '{KaldiReader.Printable(marker)}'.");

        _name = marker[1..^1];
        _outputs = reader.ReadInt(binary);
        _inputs = reader.ReadInt(binary);
        if (_outputs <= 0 || _inputs <= 0)
            throw reader.Error($"{_name}: expected positive sizes, got {_outputs} outputs of {_inputs} inputs.");

        return _name.ToUpperInvariant() switch
        {
            "AFFINETRANSFORM" => ReadAffine(),
            "LINEARTRANSFORM" => ReadLinear(),
            "SIGMOID" => new Sigmoid(Square()),
            "TANH" => new Tanh(Square()),
            "SOFTMAX" => new Softmax(Square()),
            "PARAMETRICRELU" => ReadParametricRelu(),
            "SPLICE" => ReadSplice(),
            "COPY" => ReadCopy(),
            "ADDSHIFT" => new AddShift(ReadDiagonal(out var rate)) { LearnRateCoef = rate },
            "RESCALE" => new Rescale(ReadDiagonal(out var rate)) { LearnRateCoef = rate },
            "DROPOUT" => ReadDropout(),
            "LSTMPROJECTED" or "LSTMPROJECTEDSTREAMS" => ReadLstm(),
            "BLSTMPROJECTED" or "BLSTMPROJECTEDSTREAMS" => ReadBlstm(),
            _ => ReadGeneric(ComponentLayouts.Find(_name)
                ?? throw reader.Error($"<{KaldiReader.Printable(_name)}> is no component of nnet1 that is known here.")),
        };
    }

    private AffineTransform ReadAffine()
    {
        var options = ReadOptions("LearnRateCoef", "BiasLearnRateCoef", "MaxNorm");
        return new AffineTransform(Matrix("weights", _outputs, _inputs), Vector("bias", _outputs))
        {
            LearnRateCoef = options.GetValueOrDefault("LearnRateCoef", 1),
            BiasLearnRateCoef = options.GetValueOrDefault("BiasLearnRateCoef", 1),
            MaxNorm = options.GetValueOrDefault("MaxNorm", 0),
        };
    }

    private LinearTransform ReadLinear()
    {
        var options = ReadOptions("LearnRateCoef");
        return new LinearTransform(Matrix("weights", _outputs, _inputs)) { LearnRateCoef = options.GetValueOrDefault("LearnRateCoef", 1) };
    }

    private ParametricRelu ReadParametricRelu()
    {
        Square();
        var options = ReadOptions("AlphaLearnRateCoef", "BetaLearnRateCoef", "BiasLearnRateCoef", "LearnRateCoef", "ClipGradient");
        return new ParametricRelu(Vector("alpha", _outputs), Vector("beta", _outputs))
        {
            // Older files: <BiasLearnRateCoef> is the rate of alpha, <LearnRateCoef> that of beta.
            AlphaLearnRateCoef = options.GetValueOrDefault("AlphaLearnRateCoef", options.GetValueOrDefault("BiasLearnRateCoef", 0)),
            BetaLearnRateCoef = options.GetValueOrDefault("BetaLearnRateCoef", options.GetValueOrDefault("LearnRateCoef", 0)),
        };
    }

    private Splice ReadSplice()
    {
        var offsets = reader.ReadIntVector(binary);
        return (long)offsets.Length * _inputs == _outputs
            ? new Splice(_inputs, offsets)
            : throw reader.Error($"Splice: expected {_outputs} outputs of {_inputs} inputs, got {offsets.Length} offsets.");
    }

    private Copy ReadCopy()
    {
        var indices = Array.ConvertAll(reader.ReadIntVector(binary), index => index - 1);
        return indices.Length == _outputs && indices.All(index => index >= 0 && index < _inputs)
            ? new Copy(_inputs, indices)
            : throw reader.Error($"Copy: expected {_outputs} indices from 1 to {_inputs}.");
    }

    private float[] ReadDiagonal(out float rate)
    {
        rate = ReadOptions("LearnRateCoef").GetValueOrDefault("LearnRateCoef", 1);
        return Vector("values", Square());
    }

    private Dropout ReadDropout()
    {
        var options = ReadOptions(["DropoutRate", "DropoutRetention"], isLast: true);
        var rate = options.TryGetValue("DropoutRetention", out var retention)
            ? 1 - retention
            : options.GetValueOrDefault("DropoutRate", 0.5f);
        return rate is >= 0 and < 1
            ? new Dropout(Square()) { Rate = rate }
            : throw reader.Error($"Dropout: expected a rate from 0 to 1, got {rate}.");
    }

    private LstmProjected ReadLstm()
    {
        var training = ReadLstmTraining(out var cells);
        return new LstmProjected(ReadLstmParameters(cells, _outputs), training);
    }

    private BlstmProjected ReadBlstm()
    {
        if (_outputs % 2 != 0)
            throw reader.Error($"{_name}: expected an even number of outputs, got {_outputs}.");

        var training = ReadLstmTraining(out var cells);
        return new BlstmProjected(ReadLstmParameters(cells, _outputs / 2), ReadLstmParameters(cells, _outputs / 2), training);
    }

    private LstmTraining ReadLstmTraining(out int cells)
    {
        var options = ReadOptions(
            "CellDim", "LearnRateCoef", "BiasLearnRateCoef", "CellClip", "DiffClip", "CellDiffClip", "GradClip", "ClipGradient");
        cells = (int)options.GetValueOrDefault("CellDim", 0);
        if (cells <= 0 || cells > int.MaxValue / 4)
            throw reader.Error($"{_name}: expected a positive <CellDim>, got {cells}.");

        var usual = new LstmTraining();
        return new LstmTraining
        {
            LearnRateCoef = options.GetValueOrDefault("LearnRateCoef", usual.LearnRateCoef),
            BiasLearnRateCoef = options.GetValueOrDefault("BiasLearnRateCoef", usual.BiasLearnRateCoef),
            CellClip = options.GetValueOrDefault("CellClip", usual.CellClip),
            DiffClip = options.GetValueOrDefault("DiffClip", usual.DiffClip),
            CellDiffClip = options.GetValueOrDefault("CellDiffClip", usual.CellDiffClip),
            GradClip = options.GetValueOrDefault("GradClip", options.GetValueOrDefault("ClipGradient", usual.GradClip)),
        };
    }

    private LstmParameters ReadLstmParameters(int cells, int projections) => new(
        Matrix("input weights", 4 * cells, _inputs),
        Matrix("recurrent weights", 4 * cells, projections),
        Vector("bias", 4 * cells),
        Vector("input peephole", cells),
        Vector("forget peephole", cells),
        Vector("output peephole", cells),
        Matrix("projection", projections, cells));

    private Dictionary<string, float> ReadOptions(params string[] known) => ReadOptions(known, isLast: false);

    /// <summary>Reads <c>&lt;Name&gt; value</c> pairs in any order up to the parameters.</summary>
    /// <param name="known">The names.</param>
    /// <param name="isLast">True when no parameters follow, so that an unknown token belongs to the next component.</param>
    private Dictionary<string, float> ReadOptions(string[] known, bool isLast)
    {
        var options = new Dictionary<string, float>();
        while (NextIsToken() && !NextIsEndMark())
        {
            var token = reader.ReadToken();
            var name = Array.Find(known, name => Is(token, $"<{name}>"));
            if (name is null && isLast)
            {
                _ahead = token;
                break;
            }

            if (name is null)
                throw reader.Error($"{_name}: expected one of {string.Join(", ", known)}, got '{KaldiReader.Printable(token)}'.");

            options[name] = name == "CellDim" ? reader.ReadInt(binary) : reader.ReadFloat(binary);
        }

        return options;
    }

    private bool NextIsToken()
    {
        if (!binary)
            reader.SkipWhite();

        return reader.Peek() == '<';
    }

    private bool NextIsEndMark() => NextIsToken() && reader.PeekSecond() == '!';

    private int Square() => _inputs == _outputs
        ? _outputs
        : throw reader.Error($"{_name}: expected as many outputs as inputs, got {_outputs} and {_inputs}.");

    private FloatMatrix Matrix(string what, int rows, int columns)
    {
        var matrix = reader.ReadMatrix(binary);
        if (matrix.Rows != rows || matrix.Columns != columns)
            throw reader.Error($"{_name}: expected {what} of {rows} x {columns}, got {matrix.Rows} x {matrix.Columns}.");

        CheckFinite(what, matrix.Data);
        return matrix;
    }

    private float[] Vector(string what, int size)
    {
        var vector = reader.ReadVector(binary);
        if (vector.Length != size)
            throw reader.Error($"{_name}: expected {what} of {size}, got {vector.Length}.");

        CheckFinite(what, vector);
        return vector;
    }

    private void CheckFinite(string what, float[] values)
    {
        if (!Array.TrueForAll(values, float.IsFinite))
            throw reader.Error($"{_name}: expected finite {what}, got infinity or NaN; was the training divergent?");
    }
}
