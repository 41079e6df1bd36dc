namespace Mimir.Kaldi.Nnet1;

internal sealed partial class Nnet1Writer
{
    private void WriteCarried(CarriedComponent component)
    {
        var layout = ComponentLayouts.Of(component.Kind);
        if (component.Fields.Count != layout.Fields.Count)
            throw new ArgumentException($"{component.Kind} has {layout.Fields.Count} fields, got {component.Fields.Count}.");

        for (var i = 0; i < layout.Fields.Count; i++)
        {
            var field = layout.Fields[i];
            if (field.Marked)
            {
                writer.WriteToken($"<{field.Name}>");
                WriteSpace(field.AfterToken);
            }

            WriteValue(field, component.Fields[i]);
            WriteSpace(field.AfterValue);
        }
    }

    private void WriteValue(FieldLayout layout, NnetField field)
    {
        switch (field)
        {
            case IntField number:
                writer.WriteInt(number.Value);
                break;
            case FloatField number:
                writer.WriteFloat(number.Value);
                break;
            case BoolField truth:
                writer.WriteText((truth.Value ? "T" : "F") + (writer.Binary ? "" : " "));
                break;
            case WordField word:
                writer.WriteToken(word.Value);
                break;
            case IntVectorField numbers:
                writer.WriteIntVector(numbers.Values);
                break;
            case VectorField vector:
                writer.WriteVector(vector.Values);
                break;
            case VectorsField vectors:
                foreach (var vector in vectors.Vectors)
                    writer.WriteVector(vector);
                break;
            case MatrixField matrix:
                writer.WriteMatrix(matrix.Value);
                break;
            case DoubleMatrixField matrix:
                writer.WriteMatrix(matrix.Value);
                break;
            case NetworkField network:
                WriteComponents(network.Value.Components);
                break;
            case NetworksField networks:
                WriteNetworks(layout, networks.Networks);
                break;
            default:
                throw new ArgumentException($"{field.GetType().Name} is no field of a component.");
        }
    }

    private void WriteNetworks(FieldLayout layout, IReadOnlyList<Nnet1File> networks)
    {
        writer.WriteInt(networks.Count);
        writer.WriteNewLine();
        for (var i = 0; i < networks.Count; i++)
        {
            writer.WriteToken($"<{layout.Item}>");
            writer.WriteInt(i + 1);
            writer.WriteNewLine();
            WriteComponents(networks[i].Components);
        }

        if (layout.End.Length > 0)
            writer.WriteToken($"<{layout.End}>");
    }

    private void WriteSpace(string text)
    {
        if (!writer.Binary)
            writer.WriteText(text);
    }
}
