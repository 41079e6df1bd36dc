using Mimir.Base;
using Mimir.Core.Pretraining;
using Mimir.Core.Tensors;
using TorchSharp;
using Device = Mimir.Core.Tensors.Device;

namespace Mimir.Core.Tests.Pretraining;

public class RbmTests
{
    private const int Visible = 6;
    private const int Hidden = 4;
    private const int Frames = 32;

    [Theory]
    [InlineData(RbmUnit.Bernoulli, 0.3f)]
    [InlineData(RbmUnit.Gaussian, 0.3f)]
    [InlineData(RbmUnit.Gaussian, 8f)]
    public void Steps_are_those_of_the_plain_loops(RbmUnit unit, float weight)
    {
        var start = Start(weight);
        using var machine = new Rbm(Device.Cpu, unit, RbmUnit.Bernoulli, start);
        var plain = Plain(unit, start);
        var scaled = 0;
        for (ulong step = 0; step < 5; step++)
        {
            var data = Data(unit, step);
            using var batch = Tensor.From(data, Frames, Visible);
            using var means = machine.Hidden(batch);
            using var generator = new torch.Generator(step);
            using var drawn = torch.bernoulli(means, generator);

            var result = machine.Step(batch, new(0.1, 0.5, 0.01), step);
            var expected = plain.Step(Rows(data), Rows(drawn.ToArray()), 0.1, 0.5, 0.01);

            Assert.Equal(expected is null, result.Scale is null);
            Assert.Equal(expected ?? 0, result.Scale ?? 0, 1e-4);
            scaled += expected is null ? 0 : 1;
        }

        var parameters = machine.CopyParameters();
        Close(plain.Weights.Cast<double>(), parameters.Weights);
        Close(plain.VisibleBias, parameters.VisibleBias);
        Close(plain.HiddenBias, parameters.HiddenBias);
        Assert.Equal(weight > 1, scaled > 0);
    }

    [Fact]
    public void Learns_to_reconstruct_what_it_sees()
    {
        using var machine = new Rbm(Device.Cpu, RbmUnit.Bernoulli, RbmUnit.Bernoulli, Start(0.1f));
        var trainer = new RbmTrainer(machine, new(), seed: 3);
        using var batch = Tensor.From(Patterns(), Frames, Visible);

        var first = trainer.Step(batch);
        var last = first;
        for (var step = 0; step < 300; step++)
            last = trainer.Step(batch);

        Assert.True(last.SquaredError < 0.3 * first.SquaredError, $"{last.SquaredError} of {first.SquaredError}");
    }

    [Fact]
    public void Resumed_training_ends_with_the_same_bytes()
    {
        using var unbroken = new Rbm(Device.Cpu, RbmUnit.Gaussian, RbmUnit.Bernoulli, Start(0.3f));
        var first = new RbmTrainer(unbroken, new() { LearnRate = 0.05 }, seed: 3);
        using var batch = Tensor.From(Data(RbmUnit.Gaussian, 1), Frames, Visible);
        for (var step = 0; step < 3; step++)
            first.Step(batch);

        using var resumed = new Rbm(Device.Cpu, RbmUnit.Gaussian, RbmUnit.Bernoulli, unbroken.CopyParameters());
        resumed.SetMomentum(unbroken.CopyMomentum());
        var second = new RbmTrainer(resumed, new() { LearnRate = 0.05 }, seed: 3) { Progress = first.Progress };
        for (var step = 0; step < 3; step++)
        {
            first.Step(batch);
            second.Step(batch);
        }

        Assert.Equal(unbroken.CopyParameters().Weights, resumed.CopyParameters().Weights);
    }

    [Fact]
    public void Momentum_rises_in_steps_and_the_rate_falls_with_it()
    {
        var options = new RbmOptions { MomentumStepPeriod = 2 * Frames, MomentumSteps = 2, WithBug = false };
        using var machine = new Rbm(Device.Cpu, RbmUnit.Bernoulli, RbmUnit.Bernoulli, Start(0.1f));
        using var batch = Tensor.From(Patterns(), Frames, Visible);
        var (plain, likeKaldi) = (new RbmTrainer(machine, options, 1), new RbmTrainer(machine, options with { WithBug = true }, 1));
        var courses = new List<(double, double)> { (plain.Rates.Rate, likeKaldi.Rates.Momentum) };
        for (var step = 0; step < 7; step++)
        {
            plain.Step(batch);
            likeKaldi.Step(batch);
            Assert.Equal(plain.Rates.Rate, likeKaldi.Rates.Rate, 1e-12);
            courses.Add((Math.Round(plain.Rates.Rate, 9), likeKaldi.Rates.Momentum));
        }

        // The rate is 0.4 (1 - momentum) for a momentum of 0.5, 0.7 and 0.9; Kaldi's own momentum is 0.9 after the first batch.
        double[] rates = [0.2, 0.2, 0.12, 0.12, 0.04, 0.04, 0.04, 0.04];
        Assert.Equal(rates.Select((rate, step) => (rate, step == 0 ? 0.5 : 0.9)), courses);
    }

    [Fact]
    public void Gaussian_hidden_units_are_drawn_around_their_means()
    {
        using var machine = new Rbm(Device.Cpu, RbmUnit.Bernoulli, RbmUnit.Gaussian, Start(0.1f));
        using var batch = Tensor.From(Patterns(), Frames, Visible);
        var trainer = new RbmTrainer(machine, new() { LearnRate = 0.01 }, seed: 3);
        var first = trainer.Step(batch);
        var last = first;
        for (var step = 0; step < 500; step++)
            last = trainer.Step(batch);

        Assert.True(last.SquaredError < first.SquaredError, $"{last.SquaredError} of {first.SquaredError}");
    }

    [Fact]
    public void Data_that_are_not_finite_are_refused()
    {
        using var machine = new Rbm(Device.Cpu, RbmUnit.Gaussian, RbmUnit.Bernoulli, Start(0.3f));
        var data = Data(RbmUnit.Gaussian, 1);
        data[7] = float.NaN;
        using var batch = Tensor.From(data, Frames, Visible);

        Assert.Throws<InputException>(() => machine.Step(batch, new(0.1, 0.5, 0), 1));
    }

    private static RbmParameters Start(float weight)
    {
        var random = SeededRandom.Of(7, 0);
        return new(
            [.. Enumerable.Range(0, Visible * Hidden).Select(_ => weight * Uniform(random))],
            [.. Enumerable.Range(0, Visible).Select(_ => 0.1f * Uniform(random))],
            [.. Enumerable.Range(0, Hidden).Select(_ => 0.1f * Uniform(random))]);
    }

    private static float[] Data(RbmUnit unit, ulong step)
    {
        var random = SeededRandom.Of(11, step);
        return [.. Enumerable.Range(0, Frames * Visible).Select(_ => unit == RbmUnit.Gaussian
            ? Uniform(random)
            : (float)random.BelowExactly(2))];
    }

    // Two patterns and their opposites.
    private static float[] Patterns() => [.. Enumerable.Range(0, Frames).SelectMany(frame => Enumerable.Range(0, Visible)
        .Select(v => (float)((frame % 2 == 0 ? v / 3 : v % 2) ^ (frame / 2 % 2))))];

    private static float Uniform(SeededRandom random) => (random.BelowExactly(2001) / 1000f) - 1;

    private static PlainRbm Plain(RbmUnit unit, RbmParameters start)
    {
        var weights = new double[Hidden, Visible];
        for (var i = 0; i < start.Weights.Length; i++)
            weights[i / Visible, i % Visible] = start.Weights[i];
        return new(
            unit == RbmUnit.Gaussian, weights, Array.ConvertAll(start.VisibleBias, value => (double)value),
            Array.ConvertAll(start.HiddenBias, value => (double)value));
    }

    private static double[][] Rows(float[] values) =>
        [.. values.Chunk(values.Length / Frames).Select(row => Array.ConvertAll(row, value => (double)value))];

    private static void Close(IEnumerable<double> expected, float[] actual)
    {
        foreach (var (want, got) in expected.Zip(actual))
            Assert.Equal(want, got, 1e-5 * Math.Max(1, Math.Abs(want)));
    }
}
