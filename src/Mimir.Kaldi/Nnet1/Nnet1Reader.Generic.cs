using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

internal sealed partial class Nnet1Reader
{
    // Networks within networks are read by recursion; Kaldi's recipes have one level.
    private const int MaxDepth = 16;

    // Fields with tokens come first, in any order; fields without tokens follow in the order of the layout.
    private GenericComponent ReadGeneric(ComponentLayout layout)
    {
        var fields = new NnetField?[layout.Fields.Count];
        while (layout.Fields.Any(field => field.Marked) && NextIsToken() && !NextIsEndMark())
        {
            var token = reader.ReadToken();
            var index = layout.IndexOf(token);
            if (index < 0)
            {
                _ahead = token;
                break;
            }

            fields[index] = ReadField(layout.Fields[index], fields);
        }

        for (var i = 0; i < fields.Length; i++)
        {
            var field = layout.Fields[i];
            fields[i] ??= field.Marked ? field.Default : ReadField(field, fields);
        }

        var missing = Array.IndexOf(fields, null);
        if (missing >= 0)
        {
            var instead = _ahead is null ? "" : $", got '{KaldiReader.Printable(_ahead)}'";
            throw reader.Error($"{_name}: expected <{layout.Fields[missing].Name}>{instead}.");
        }

        try
        {
            return layout.Create(_inputs, _outputs, [.. fields.OfType<NnetField>()]);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    private NnetField ReadField(FieldLayout field, NnetField?[] before) => field.Kind switch
    {
        FieldKind.Int => new IntField(field.Name, reader.ReadInt(binary)),
        FieldKind.Float => new FloatField(field.Name, Finite(field.Name, reader.ReadFloat(binary))),
        FieldKind.Bool => new BoolField(field.Name, ReadBool()),
        FieldKind.Word => new WordField(field.Name, reader.ReadToken()),
        FieldKind.IntVector => new IntVectorField(field.Name, reader.ReadIntVector(binary)),
        FieldKind.Vector => new VectorField(field.Name, FiniteVector(field.Name)),
        FieldKind.Vectors => ReadVectors(field.Name, before.OfType<IntVectorField>().FirstOrDefault()),
        FieldKind.Matrix => ReadMatrixField(field.Name),
        FieldKind.DoubleMatrix => ReadDoubleMatrixField(field.Name),
        FieldKind.Network => new NetworkField(field.Name, ReadNested()),
        _ => ReadNetworks(field),
    };

    private bool ReadBool()
    {
        if (!binary)
            reader.SkipWhite();
        if (reader.Peek() is 'T' or 'F')
            return reader.ReadBool(binary);

        // Some old files have a number here, which Kaldi reads and does not use.
        reader.ReadFloat(binary);
        return false;
    }

    private float[] FiniteVector(string what)
    {
        var vector = reader.ReadVector(binary);
        CheckFinite(what, vector);
        return vector;
    }

    private float Finite(string what, float value) => float.IsFinite(value)
        ? value
        : throw reader.Error($"{_name}: expected a finite {what}, got {value}.");

    private MatrixField ReadMatrixField(string what)
    {
        var matrix = reader.ReadMatrix(binary);
        CheckFinite(what, matrix.Data);
        return new(what, matrix);
    }

    private DoubleMatrixField ReadDoubleMatrixField(string what)
    {
        var matrix = reader.ReadDoubleMatrix(binary);
        return matrix.Cast<double>().All(double.IsFinite)
            ? new(what, matrix)
            : throw reader.Error($"{_name}: expected finite {what}, got infinity or NaN.");
    }

    private VectorsField ReadVectors(string name, IntVectorField? offsets)
    {
        if (offsets is null)
            throw reader.Error($"{_name}: expected <FrameOffset> before <{name}>.");

        var vectors = new List<float[]>();
        foreach (var _ in offsets.Values)
            vectors.Add(FiniteVector(name));

        return new(name, vectors);
    }

    private NetworksField ReadNetworks(FieldLayout field)
    {
        var count = reader.ReadInt(binary);
        if (count <= 0)
            throw reader.Error($"{_name}: expected a positive number of networks, got {count}.");

        var networks = new List<Nnet1File>();
        for (var i = 0; i < count; i++)
        {
            Expect($"<{field.Item}>");
            reader.ReadInt(binary);
            networks.Add(ReadNested());
        }

        if (field.End.Length > 0)
            Expect($"<{field.End}>");

        return new(field.Name, networks);
    }

    private Nnet1File ReadNested()
    {
        if (depth == MaxDepth)
            throw reader.Error($"{_name}: expected networks at most {MaxDepth} levels deep.");

        var network = new Nnet1Reader(reader, binary, depth + 1).ReadNetwork();
        return network.Components.Count > 0 ? network : throw reader.Error($"{_name}: expected a nested network, it has no components.");
    }

    private void Expect(string expected)
    {
        if (!binary)
            reader.SkipWhite();

        var token = reader.ReadToken();
        if (!Is(token, expected))
            throw reader.Error($"{_name}: expected {expected}, got '{KaldiReader.Printable(token)}'.");
    }
}
