using Mimir.Kaldi.Nnet1;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>One direction of nnet1's LSTM in plain loops and double precision: what the fast layers are compared with.</summary>
internal sealed class PlainLstm
{
    private const int Gates = 4, G = 0, I = 1, F = 2, O = 3;

    private readonly LstmTraining _training;
    private readonly bool _reverse;
    private readonly int _cells, _inputs, _outputs;
    private readonly double[][] _corrections;
    private readonly double[][] _gradients;
    private double[][] _x = [], _cell = [], _h = [], _m = [], _r = [];
    private double[][][] _gate = [];

    public PlainLstm(LstmParameters p, LstmTraining training, bool reverse)
    {
        (_training, _reverse) = (training, reverse);
        (_cells, _inputs, _outputs) = (p.CellDim, p.InputWeights.Columns, p.Projection.Rows);
        Parameters =
        [
            Doubles(p.InputWeights.Data), Doubles(p.RecurrentWeights.Data), Doubles(p.Bias), Doubles(p.InputPeephole),
            Doubles(p.ForgetPeephole), Doubles(p.OutputPeephole), Doubles(p.Projection.Data),
        ];
        _gradients = [.. Parameters.Select(values => new double[values.Length])];
        _corrections = [.. Parameters.Select(values => new double[values.Length])];
    }

    /// <summary>Gets the parameters in nnet1's order.</summary>
    public double[][] Parameters { get; }

    /// <summary>Computes one sequence from nothing.</summary>
    public double[][] Forward(double[][] x)
    {
        _x = InTime(x);
        var (c0, r0) = (new double[_cells], new double[_outputs]);
        (_cell, _h, _m, _r, _gate) = ([], [], [], [], []);
        for (var t = 0; t < _x.Length; t++)
        {
            var (before, rBefore) = (t == 0 ? c0 : _cell[t - 1], t == 0 ? r0 : _r[t - 1]);
            var gates = new double[Gates][];
            for (var gate = 0; gate < Gates; gate++)
            {
                gates[gate] = new double[_cells];
                for (var c = 0; c < _cells; c++)
                {
                    var row = (gate * _cells) + c;
                    var sum = Parameters[2][row];
                    for (var i = 0; i < _inputs; i++)
                        sum += Parameters[0][(row * _inputs) + i] * _x[t][i];
                    for (var i = 0; i < _outputs; i++)
                        sum += Parameters[1][(row * _outputs) + i] * rBefore[i];

                    gates[gate][c] = sum;
                }
            }

            var (cell, h, m) = (new double[_cells], new double[_cells], new double[_cells]);
            for (var c = 0; c < _cells; c++)
            {
                gates[G][c] = Math.Tanh(gates[G][c]);
                gates[I][c] = Sigmoid(gates[I][c] + (Parameters[3][c] * before[c]));
                gates[F][c] = Sigmoid(gates[F][c] + (Parameters[4][c] * before[c]));
                cell[c] = Clip((gates[G][c] * gates[I][c]) + (before[c] * gates[F][c]), _training.CellClip);
                gates[O][c] = Sigmoid(gates[O][c] + (Parameters[5][c] * cell[c]));
                h[c] = Math.Tanh(cell[c]);
                m[c] = h[c] * gates[O][c];
            }

            var r = new double[_outputs];
            for (var i = 0; i < _outputs; i++)
            {
                for (var c = 0; c < _cells; c++)
                    r[i] += Parameters[6][(i * _cells) + c] * m[c];
            }

            (_cell, _h, _m, _r, _gate) = ([.. _cell, cell], [.. _h, h], [.. _m, m], [.. _r, r], [.. _gate, gates]);
        }

        return InTime(_r);
    }

    /// <summary>Goes back through the sequence of the last forward pass, and adds to the gradients.</summary>
    public void Backward(double[][] outputGradient)
    {
        var dr = InTime(outputGradient);
        var none = new double[_cells];
        var (dcNext, dgNext) = (none, Enumerable.Repeat(none, Gates).ToArray());
        for (var t = _x.Length - 1; t >= 0; t--)
        {
            var last = t == _x.Length - 1;
            var d = (double[])dr[t].Clone();
            for (var i = 0; i < _outputs; i++)
            {
                for (var row = 0; row < Gates * _cells; row++)
                    d[i] += dgNext[row / _cells][row % _cells] * Parameters[1][(row * _outputs) + i];
            }

            var (dc, dg) = (new double[_cells], Enumerable.Range(0, Gates).Select(_ => new double[_cells]).ToArray());
            for (var c = 0; c < _cells; c++)
            {
                double dm = 0;
                for (var i = 0; i < _outputs; i++)
                    dm += d[i] * Parameters[6][(i * _cells) + c];

                var (g, inGate, forget, outGate) = (_gate[t][G][c], _gate[t][I][c], _gate[t][F][c], _gate[t][O][c]);
                var dOut = dm * _h[t][c] * outGate * (1 - outGate);
                dc[c] = Clip(
                    (dm * outGate * (1 - (_h[t][c] * _h[t][c]))) + (dOut * Parameters[5][c])
                    + (last ? 0 : (dcNext[c] * _gate[t + 1][F][c]) + (dgNext[I][c] * Parameters[3][c]) + (dgNext[F][c] * Parameters[4][c])),
                    _training.CellDiffClip);
                dg[G][c] = Clip(dc[c] * inGate * (1 - (g * g)), _training.DiffClip);
                dg[I][c] = Clip(dc[c] * g * inGate * (1 - inGate), _training.DiffClip);
                dg[F][c] = Clip(dc[c] * (t == 0 ? 0 : _cell[t - 1][c]) * forget * (1 - forget), _training.DiffClip);
                dg[O][c] = Clip(dOut, _training.DiffClip);
            }

            AddGradients(t, d, dg);
            (dcNext, dgNext) = (dc, dg);
        }
    }

    /// <summary>Takes nnet1's step.</summary>
    public void Step(double rate, double momentum)
    {
        for (var p = 0; p < Parameters.Length; p++)
        {
            var own = rate * (p is 0 or 1 or 6 ? _training.LearnRateCoef : _training.BiasLearnRateCoef);
            for (var i = 0; i < Parameters[p].Length; i++)
            {
                _corrections[p][i] = Clip((momentum * _corrections[p][i]) + _gradients[p][i], _training.GradClip);
                _gradients[p][i] = 0;
                Parameters[p][i] -= own * _corrections[p][i];
            }
        }
    }

    private void AddGradients(int t, double[] dr, double[][] dg)
    {
        for (var row = 0; row < Gates * _cells; row++)
        {
            var d = dg[row / _cells][row % _cells];
            for (var i = 0; i < _inputs; i++)
                _gradients[0][(row * _inputs) + i] += d * _x[t][i];
            for (var i = 0; i < _outputs && t > 0; i++)
                _gradients[1][(row * _outputs) + i] += d * _r[t - 1][i];

            _gradients[2][row] += d;
        }

        for (var c = 0; c < _cells; c++)
        {
            var before = t == 0 ? 0 : _cell[t - 1][c];
            _gradients[3][c] += dg[I][c] * before;
            _gradients[4][c] += dg[F][c] * before;
            _gradients[5][c] += dg[O][c] * _cell[t][c];
            for (var i = 0; i < _outputs; i++)
                _gradients[6][(i * _cells) + c] += dr[i] * _m[t][c];
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Clip(double x, double limit) => limit > 0 ? Math.Clamp(x, -limit, limit) : x;

    private static double[] Doubles(float[] values) => [.. values.Select(value => (double)value)];

    private double[][] InTime(double[][] frames) => _reverse ? [.. frames.Reverse()] : frames;
}
