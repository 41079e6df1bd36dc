using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Writes components in Kaldi's order of tokens and parameters.</summary>
internal sealed class Nnet1Writer(KaldiWriter writer)
{
    public void WriteComponents(IEnumerable<NnetComponent> components)
    {
        writer.WriteToken("<Nnet>");
        writer.WriteNewLine();
        foreach (var component in components)
        {
            writer.WriteToken($"<{component.Name}>");
            writer.WriteInt(component.OutputDim);
            writer.WriteInt(component.InputDim);
            writer.WriteNewLine();
            WriteData(component);
            writer.WriteToken("<!EndOfComponent>");
            writer.WriteNewLine();
        }

        writer.WriteToken("</Nnet>");
        writer.WriteNewLine();
    }

    private void WriteData(NnetComponent component)
    {
        switch (component)
        {
            case AffineTransform affine:
                WriteOption("LearnRateCoef", affine.LearnRateCoef);
                WriteOption("BiasLearnRateCoef", affine.BiasLearnRateCoef);
                WriteOption("MaxNorm", affine.MaxNorm);
                writer.WriteNewLine();
                writer.WriteMatrix(affine.Weights);
                writer.WriteVector(affine.Bias);
                break;
            case LinearTransform linear:
                WriteOption("LearnRateCoef", linear.LearnRateCoef);
                writer.WriteNewLine();
                writer.WriteMatrix(linear.Weights);
                break;
            case ParametricRelu relu:
                WriteOption("AlphaLearnRateCoef", relu.AlphaLearnRateCoef);
                WriteOption("BetaLearnRateCoef", relu.BetaLearnRateCoef);
                writer.WriteNewLine();
                writer.WriteVector(relu.Alpha);
                writer.WriteVector(relu.Beta);
                break;
            case Splice splice:
                writer.WriteIntVector(splice.Offsets);
                break;
            case Copy copy:
                writer.WriteIntVector(Array.ConvertAll(copy.Indices, index => index + 1));
                break;
            case AddShift shift:
                WriteOption("LearnRateCoef", shift.LearnRateCoef);
                writer.WriteVector(shift.Shift);
                break;
            case Rescale rescale:
                WriteOption("LearnRateCoef", rescale.LearnRateCoef);
                writer.WriteVector(rescale.Scale);
                break;
            case Dropout dropout:
                WriteOption("DropoutRate", dropout.Rate);
                break;
            case LstmProjected lstm:
                WriteTraining(lstm.Training, lstm.Parameters.CellDim);
                WriteLstm(lstm.Parameters);
                break;
            case BlstmProjected blstm:
                WriteTraining(blstm.Training, blstm.Forward.CellDim);
                WriteLstm(blstm.Forward);
                writer.WriteNewLine();
                WriteLstm(blstm.Backward);
                break;
            case GenericComponent generic:
                WriteGeneric(generic);
                break;
            case Sigmoid or Tanh or Softmax:
                break;
            default:
                throw new ArgumentException($"{component.Name} is no component of nnet1.");
        }
    }

    private void WriteOption(string name, float value)
    {
        writer.WriteToken($"<{name}>");
        writer.WriteFloat(value);
    }

    private void WriteTraining(LstmTraining training, int cells)
    {
        writer.WriteToken("<CellDim>");
        writer.WriteInt(cells);
        WriteOption("LearnRateCoef", training.LearnRateCoef);
        WriteOption("BiasLearnRateCoef", training.BiasLearnRateCoef);
        WriteOption("CellClip", training.CellClip);
        WriteOption("DiffClip", training.DiffClip);
        WriteOption("CellDiffClip", training.CellDiffClip);
        WriteOption("GradClip", training.GradClip);
        writer.WriteNewLine();
    }

    private void WriteLstm(LstmParameters parameters)
    {
        writer.WriteMatrix(parameters.InputWeights);
        writer.WriteMatrix(parameters.RecurrentWeights);
        writer.WriteVector(parameters.Bias);
        writer.WriteVector(parameters.InputPeephole);
        writer.WriteVector(parameters.ForgetPeephole);
        writer.WriteVector(parameters.OutputPeephole);
        writer.WriteMatrix(parameters.Projection);
    }

    private void WriteGeneric(GenericComponent component)
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
