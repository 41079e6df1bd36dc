using System.Globalization;
using System.Runtime.CompilerServices;
using Mimir.Core.Optimisers;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Optimisers;

public sealed class FisherEstimateTests
{

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void Preconditioned_batches_are_those_of_Kaldi(ScalarType type)
    {
        var lines = File.ReadAllLines(GoldenFile()).Where(line => line[0] != '#').ToList();
        var cases = 0;
        for (var at = 0; at < lines.Count; cases++)
        {
            var named = lines[at++].Split(' ');
            int Whole(int field) => int.Parse(named[field], CultureInfo.InvariantCulture);
            var options = new NaturalGradientOptions { UpdatePeriod = Whole(5), Alpha = Whole(6), SamplesHistory = Whole(7) };
            var batches = new KaldiBatches(Whole(2), Whole(3), Whole(9));
            using var estimate = new FisherEstimate(Whole(3), Whole(4), options, Device.Cpu, type);
            for (var step = 0; step < Whole(8); step++)
            {
                var expected = lines[at++].Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray();
                using var x = Tensor.From(Device.Cpu, batches.Next(), [Whole(2), Whole(3)], type);
                var scale = Step(estimate, x, isFirst: step == 0, step <= 10 || (step - 10) % options.UpdatePeriod == 0);
                var got = Summary(scale, x);

                // Where the rows have a lower rank than the estimate, its last directions are rounding errors, and Kaldi has its own.
                var tolerance = named[1] is "flat" or "few" ? 0.03 : 2e-4;
                for (var i = 0; i < got.Length; i++)
                {
                    Assert.True(
                        Math.Abs(got[i] - expected[i]) <= tolerance * (1 + Math.Abs(expected[i])),
                        $"{named[1]}, step {step}, value {i}: expected {expected[i]}, got {got[i]}");
                }
            }
        }

        Assert.Equal(7, cases);
    }

    [Theory]
    [InlineData(40, 12, 4)]
    [InlineData(5, 16, 6)]
    public void Estimates_follow_the_formulas_on_whole_matrices(int rows, int dim, int rank)
    {
        var options = new NaturalGradientOptions { SamplesHistory = 100 };
        using var estimate = new FisherEstimate(dim, rank, options, Device.Cpu, ScalarType.Float64);
        estimate.Begin(null);
        var free = 0;
        for (ulong step = 1; step <= 30; step++)
        {
            var batch = Some.Floats(rows * dim, step);
            for (var i = 0; i < batch.Length; i++)
                batch[i] *= 1 + (i % dim % 5);
            var before = new NaturalGradientReference(StateOf(estimate, dim, rank), dim, options);
            using var x = Tensor.From(Device.Cpu, batch, [rows, dim], ScalarType.Float64);

            var scale = Step(estimate, x, isFirst: false, updates: true);

            var expected = before.Preconditioned(batch);
            var got = new double[batch.Length];
            x.CopyTo(got);
            Assert.All(got.Zip(expected), pair => Assert.Equal(pair.Second, scale * pair.First, 1e-4));

            // Every eigenvalue is above 0, and the rows of R are orthonormal.
            var state = StateOf(estimate, dim, rank);
            var after = new NaturalGradientReference(state, dim, options);
            Assert.True(SymmetricEigen.Decompose(Flat(after.Fisher), dim)[^1] > 0);
            Assert.True(after.WorstProduct < 1e-3);

            // Unless a value is at its floor the trace is that of the target, and D + ρ the values of R by the power method.
            var (target, values) = (before.Target(batch), after.LeadingValues());
            if (Math.Min(state.Rho, state.D.Min()) < 5.1e-4 * values.Max())
                continue;
            free++;
            Assert.Equal(1, Trace(after.Fisher) / Trace(target), 1e-3);
            Assert.All(before.PowerStep(target).Zip(values), pair => Assert.Equal(1, pair.Second / pair.First, 1e-2));
        }

        Assert.InRange(free, 5, 30);
    }

    [Fact]
    public void Statistics_of_two_workers_add_up_to_those_of_the_whole_batch()
    {
        var options = new NaturalGradientOptions();
        var estimates = Enumerable.Range(0, 3)
            .Select(_ => new FisherEstimate(10, 3, options, Device.Cpu, ScalarType.Float64)).ToList();
        foreach (var estimate in estimates)
            estimate.Begin(null);
        for (ulong step = 0; step < 4; step++)
        {
            var batch = Some.Floats(120, step);
            using var sum = Tensor.Zeros(Device.Cpu, [estimates[0].StatisticsCount], ScalarType.Float64);
            using var own = Tensor.Zeros(Device.Cpu, [estimates[0].StatisticsCount], ScalarType.Float64);
            using var whole = Tensor.Zeros(Device.Cpu, [estimates[0].StatisticsCount], ScalarType.Float64);
            for (var worker = 0; worker < 2; worker++)
            {
                using var part = Tensor.From(Device.Cpu, batch.AsSpan(worker * 60, 60), [6, 10], ScalarType.Float64);
                estimates[worker].Precondition(part, own, updates: true);
                sum.add_(own);
            }

            using var all = Tensor.From(Device.Cpu, batch, [12, 10], ScalarType.Float64);
            estimates[2].Precondition(all, whole, updates: true);
            Assert.Equal(estimates[2].ScaleOf(whole), estimates[0].ScaleOf(sum), 1e-5);
            using var again = sum.clone();
            estimates[0].Update(sum);
            estimates[1].Update(again);
            estimates[2].Update(whole);
            var models = estimates.ConvertAll(estimate => StateOf(estimate, 10, 3).W);
            Assert.Equal(models[0], models[1]);
            Assert.All(models[2].Zip(models[0]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }

        estimates.ForEach(estimate => estimate.Dispose());
    }

    [Fact]
    public void The_kernels_and_TorchSharp_give_the_same()
    {
        var results = new[] { false, true }.Select(useReference =>
        {
            using var reference = useReference ? new ReferenceRoute() : null;
            using var estimate = new FisherEstimate(40, 8, new(), Device.Cpu, ScalarType.Float32);
            var scales = new List<double>();
            for (ulong step = 0; step < 5; step++)
            {
                using var x = Tensor.From(Some.Floats(64 * 40, step), 64, 40);
                scales.Add(Step(estimate, x, isFirst: step == 0, updates: true));
            }

            return scales;
        }).ToList();

        Assert.All(results[0].Zip(results[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static string GoldenFile([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "natural-gradient.golden.txt");

    private static (float[] W, float[] D, float Rho) StateOf(FisherEstimate estimate, int dim, int rank)
    {
        var state = new float[estimate.StateCount];
        estimate.Save(state);
        Assert.Equal(1 + rank + (rank * dim), state.Length);
        return (state[(1 + rank)..], state[1..(1 + rank)], state[0]);
    }

    private static double Step(FisherEstimate estimate, Tensor x, bool isFirst, bool updates)
    {
        if (isFirst)
            estimate.Begin(x);
        using var statistics = Tensor.Zeros(Device.Cpu, [estimate.StatisticsCount], x.dtype);
        estimate.Precondition(x, statistics, updates);
        var scale = estimate.ScaleOf(statistics);
        if (updates)
            estimate.Update(statistics);
        return scale;
    }

    private static double[] Summary(double scale, Tensor x)
    {
        var values = new double[x.Count];
        x.CopyTo(values);
        var columns = x.Columns;
        var sum = values.Select((value, i) => value * Math.Sin(1 + (i / columns) + (2 * (i % columns)))).Sum();
        return [scale, sum, values.Sum(value => value * value), .. values[^columns..].Take(6)];
    }

    private static double Trace(double[,] matrix) => Enumerable.Range(0, matrix.GetLength(0)).Sum(i => matrix[i, i]);

    private static double[] Flat(double[,] matrix) => [.. matrix.Cast<double>()];

    /// <summary>The batches that the program of the golden file made.</summary>
    private sealed class KaldiBatches(int rows, int dim, int kind)
    {
        private ulong _state = 1;

        public float[] Next()
        {
            var batch = new float[rows * dim];
            for (var i = 0; i < rows; i++)
            {
                var common = NextValue();
                for (var j = 0; j < dim; j++)
                {
                    var value = NextValue();
                    batch[(i * dim) + j] = (float)(kind switch
                    {
                        1 => 0,
                        2 => (common * (j + 1)) + (i % 2 * Math.Sin(j)),
                        3 when j == dim - 1 => 1,
                        _ => (value / (1 + (0.3 * j))) + (common * Math.Cos(j)),
                    });
                }
            }

            return batch;
        }

        private double NextValue()
        {
            _state = ((_state * 1103515245) + 12345) % 2147483648;
            return (_state / 2147483648.0) - 0.5;
        }
    }
}
