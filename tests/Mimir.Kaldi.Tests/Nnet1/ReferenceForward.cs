using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Kaldi.Tests.Nnet1;

/// <summary>Computes a network with plain loops in double precision, one utterance at a time.</summary>
internal static class ReferenceForward
{
    public static double[][] Run(IEnumerable<NnetComponent> components, double[][] frames) =>
        components.Aggregate(frames, Apply);

    public static double[][] Rows(FloatMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.Rows).Select(row => Array.ConvertAll(matrix.Row(row).ToArray(), value => (double)value))];

    private static double[][] Apply(double[][] frames, NnetComponent component) => component switch
    {
        Splice splice =>
        [
            .. frames.Select((_, t) => splice.Offsets.SelectMany(o => frames[Math.Clamp(t + o, 0, frames.Length - 1)]).ToArray()),
        ],
        LstmProjected lstm => Lstm(frames, lstm),
        _ => [.. frames.Select(frame => Apply(frame, component))],
    };

    private static double[] Apply(double[] x, NnetComponent component) => component switch
    {
        AffineTransform affine => Multiply(affine.Weights, x, affine.Bias),
        Sigmoid => Array.ConvertAll(x, Logistic),
        Tanh => Array.ConvertAll(x, Math.Tanh),
        Softmax => Normalise(Array.ConvertAll(x, value => Math.Exp(value - x.Max()))),
        AddShift shift => [.. x.Select((value, i) => value + shift.Shift[i])],
        Rescale scale => [.. x.Select((value, i) => value * scale.Scale[i])],
        Copy copy => [.. copy.Indices.Select(i => x[i])],
        _ => throw new NotSupportedException(component.Name),
    };

    private static double[][] Lstm(double[][] frames, LstmProjected layer)
    {
        var p = layer.Parameters;
        var cells = p.CellDim;
        var (cell, projected) = (new double[cells], new double[p.Projection.Rows]);
        var outputs = new List<double[]>();
        foreach (var frame in frames)
        {
            var fromInput = Multiply(p.InputWeights, frame, p.Bias);
            var fromBefore = Multiply(p.RecurrentWeights, projected, new float[4 * cells]);
            var memory = new double[cells];
            for (var c = 0; c < cells; c++)
            {
                double Part(int part) => fromInput[(part * cells) + c] + fromBefore[(part * cells) + c];
                var input = Logistic(Part(1) + (p.InputPeephole[c] * cell[c]));
                var forget = Logistic(Part(2) + (p.ForgetPeephole[c] * cell[c]));
                cell[c] = Math.Clamp((input * Math.Tanh(Part(0))) + (forget * cell[c]), -layer.Training.CellClip, layer.Training.CellClip);
                memory[c] = Logistic(Part(3) + (p.OutputPeephole[c] * cell[c])) * Math.Tanh(cell[c]);
            }

            projected = Multiply(p.Projection, memory, new float[p.Projection.Rows]);
            outputs.Add(projected);
        }

        return [.. outputs];
    }

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Normalise(double[] x) => Array.ConvertAll(x, value => value / x.Sum());

    private static double[] Multiply(FloatMatrix weights, double[] x, float[] bias)
    {
        var y = new double[weights.Rows];
        for (var row = 0; row < y.Length; row++)
        {
            var w = weights.Row(row);
            double sum = bias[row];
            for (var i = 0; i < x.Length; i++)
                sum += w[i] * x[i];

            y[row] = sum;
        }

        return y;
    }
}
