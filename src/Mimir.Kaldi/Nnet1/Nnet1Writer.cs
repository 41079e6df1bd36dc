using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Writes components in Kaldi's order of tokens and parameters.</summary>
internal sealed partial class Nnet1Writer(KaldiWriter writer)
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
            case CarriedComponent carried:
                WriteCarried(carried);
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
}
