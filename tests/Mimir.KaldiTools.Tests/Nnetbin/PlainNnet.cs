using Mimir.Kaldi.Nnet1;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>A chain of nnet1's components in plain loops and double precision: what the trainers are compared with.</summary>
internal sealed class PlainNnet(IEnumerable<NnetComponent> components)
{
    private readonly Part[] _parts = [.. components.Select(PartOf)];

    /// <summary>Gets the parameters in nnet1's order.</summary>
    public double[] Parameters => [.. _parts.SelectMany(part => part.Parameters).SelectMany(values => values)];

    /// <summary>Takes a step on frames with their classes, by cross-entropy behind a softmax.</summary>
    public void Train(double[][] frames, int[] labels, double rate, double momentum)
    {
        var x = frames;
        foreach (var part in _parts)
            x = part.Forward(x);

        double[][] gradient = [.. x.Select((row, frame) => row.Select((p, i) => p - (i == labels[frame] ? 1 : 0)).ToArray())];
        foreach (var part in _parts.Reverse())
            gradient = part.Backward(gradient, rate, momentum);
    }

    private static Part PartOf(NnetComponent component) => component switch
    {
        AffineTransform affine => new Matrix(affine.Weights.Data, affine.Bias, affine.InputDim)
        {
            Rate = affine.LearnRateCoef,
            BiasRate = affine.BiasLearnRateCoef,
            MaxNorm = affine.MaxNorm,
        },
        LinearTransform linear => new Matrix(linear.Weights.Data, null, linear.InputDim) { Rate = linear.LearnRateCoef },
        ParametricRelu relu => new Slopes(relu),
        AddShift shift => new Diagonal(shift.Shift, isScale: false, shift.LearnRateCoef),
        Rescale scale => new Diagonal(scale.Scale, isScale: true, scale.LearnRateCoef),
        Sigmoid => new Curve(x => 1 / (1 + Math.Exp(-x)), y => y * (1 - y)),
        Tanh => new Curve(Math.Tanh, y => 1 - (y * y)),
        Copy copy => new Selection(copy),
        Softmax => new Normal(isHidden: false),
        GenericComponent { Kind: "HiddenSoftmax" } => new Normal(isHidden: true),
        _ => throw new ArgumentException(component.Name),
    };

    private static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    private abstract class Part
    {
        public virtual double[][] Parameters => [];

        protected double[][] X { get; private set; } = [];

        protected double[][] Y { get; private set; } = [];

        public double[][] Forward(double[][] x)
        {
            (X, Y) = (x, [.. x.Select(Map)]);
            return Y;
        }

        public virtual double[][] Backward(double[][] dy, double rate, double momentum) =>
            [.. dy.Select((row, frame) => Derive(row, frame))];

        protected abstract double[] Map(double[] x);

        protected abstract double[] Derive(double[] dy, int frame);

        // Kaldi: the correction is momentum times the last one and the gradient, the step is the rate times the correction.
        protected static void Step(double[] values, double[] corrections, double rate, double momentum, Func<int, double> gradient)
        {
            for (var i = 0; i < values.Length; i++)
            {
                corrections[i] = (momentum * corrections[i]) + gradient(i);
                values[i] -= rate * corrections[i];
            }
        }
    }

    private sealed class Matrix(float[] weights, float[]? bias, int inputs) : Part
    {
        private readonly double[] _weights = Doubles(weights), _corrections = new double[weights.Length];
        private readonly double[] _bias = Doubles(bias ?? []), _biasCorrections = new double[bias?.Length ?? 0];

        public double Rate { get; init; } = 1;

        public double BiasRate { get; init; } = 1;

        public double MaxNorm { get; init; }

        public override double[][] Parameters => [_weights, _bias];

        public override double[][] Backward(double[][] dy, double rate, double momentum)
        {
            var dx = base.Backward(dy, rate, momentum);
            Step(_weights, _corrections, rate * Rate, momentum, i => dy.Select((row, t) => row[i / inputs] * X[t][i % inputs]).Sum());
            Step(_bias, _biasCorrections, rate * BiasRate, momentum, i => dy.Sum(row => row[i]));
            for (var first = 0; MaxNorm > 0 && first < _weights.Length; first += inputs)
            {
                var row = _weights.AsSpan(first, inputs);
                var norm = Math.Sqrt(row.ToArray().Sum(value => value * value));
                foreach (ref var value in row)
                    value /= Math.Max(1, norm / MaxNorm);
            }

            return dx;
        }

        protected override double[] Map(double[] x) => [.. Enumerable.Range(0, _weights.Length / inputs).Select(o =>
            (_bias.Length > 0 ? _bias[o] : 0) + x.Select((value, i) => value * _weights[(o * inputs) + i]).Sum())];

        protected override double[] Derive(double[] dy, int frame) => [.. Enumerable.Range(0, inputs).Select(i =>
            dy.Select((value, o) => value * _weights[(o * inputs) + i]).Sum())];
    }

    private sealed class Slopes(ParametricRelu relu) : Part
    {
        private readonly double[] _alpha = Doubles(relu.Alpha), _beta = Doubles(relu.Beta);
        private readonly double[] _alphaCorrections = new double[relu.OutputDim], _betaCorrections = new double[relu.OutputDim];

        public override double[][] Parameters => [_alpha, _beta];

        public override double[][] Backward(double[][] dy, double rate, double momentum)
        {
            var dx = base.Backward(dy, rate, momentum);
            if (relu.AlphaLearnRateCoef > 0)
            {
                Step(
                    _alpha, _alphaCorrections, rate * relu.AlphaLearnRateCoef, momentum,
                    i => dy.Select((row, t) => row[i] * Math.Max(X[t][i], 0)).Sum());
            }

            if (relu.BetaLearnRateCoef > 0)
            {
                Step(
                    _beta, _betaCorrections, rate * relu.BetaLearnRateCoef, momentum,
                    i => dy.Select((row, t) => row[i] * Math.Min(X[t][i], 0)).Sum());
            }

            return dx;
        }

        protected override double[] Map(double[] x) => [.. x.Select((value, i) => value * (value > 0 ? _alpha[i] : _beta[i]))];

        protected override double[] Derive(double[] dy, int frame) =>
            [.. dy.Select((value, i) => value * (X[frame][i] > 0 ? _alpha[i] : _beta[i]))];
    }

    private sealed class Diagonal(float[] values, bool isScale, double own) : Part
    {
        private readonly double[] _values = Doubles(values);

        public override double[][] Parameters => [_values];

        // Kaldi moves shifts and scales without momentum.
        public override double[][] Backward(double[][] dy, double rate, double momentum)
        {
            var dx = base.Backward(dy, rate, momentum);
            Step(
                _values, new double[_values.Length], rate * own, 0, i => dy.Select((row, t) => row[i] * (isScale ? X[t][i] : 1)).Sum());
            return dx;
        }

        protected override double[] Map(double[] x) =>
            [.. x.Select((value, i) => isScale ? value * _values[i] : value + _values[i])];

        protected override double[] Derive(double[] dy, int frame) => [.. dy.Select((value, i) => isScale ? value * _values[i] : value)];
    }

    private sealed class Curve(Func<double, double> function, Func<double, double> derivative) : Part
    {
        protected override double[] Map(double[] x) => Array.ConvertAll(x, value => function(value));

        protected override double[] Derive(double[] dy, int frame) => [.. dy.Select((value, i) => value * derivative(Y[frame][i]))];
    }

    private sealed class Selection(Copy copy) : Part
    {
        protected override double[] Map(double[] x) => Array.ConvertAll(copy.Indices, index => x[index]);

        protected override double[] Derive(double[] dy, int frame)
        {
            var dx = new double[copy.InputDim];
            for (var i = 0; i < dy.Length; i++)
                dx[copy.Indices[i]] += dy[i];

            return dx;
        }
    }

    private sealed class Normal(bool isHidden) : Part
    {
        protected override double[] Map(double[] x)
        {
            var exponents = Array.ConvertAll(x, value => Math.Exp(value - x.Max()));
            return Array.ConvertAll(exponents, value => value / exponents.Sum());
        }

        // The loss has derived the one at the end.
        protected override double[] Derive(double[] dy, int frame)
        {
            var y = Y[frame];
            var sum = y.Select((value, i) => value * dy[i]).Sum();
            return isHidden ? [.. dy.Select((value, i) => y[i] * (value - sum))] : dy;
        }
    }
}
