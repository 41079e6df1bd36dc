using Mimir.Base;
using Mimir.Core.Losses;

namespace Mimir.Core.Tests.Losses;

public class CtcTests
{
    [Theory]
    [InlineData(4, 3, new[] { 1, 2 })]
    [InlineData(5, 3, new[] { 1, 1 })]
    [InlineData(6, 4, new[] { 2, 2, 3 })]
    [InlineData(3, 3, new[] { 1, 1 })]
    [InlineData(1, 2, new[] { 1 })]
    public void Loss_is_that_of_all_paths(int frames, int classes, int[] labels)
    {
        var outputs = LogSoftmax(Outputs(frames, classes), classes);

        var loss = Ctc.Evaluate(outputs, classes, labels, []);

        Assert.Equal(-Math.Log(ProbabilityOfPaths(outputs, classes, labels)), loss, 1e-12);
    }

    [Theory]
    [InlineData(6, 4, new[] { 2, 2, 3 })]
    [InlineData(5, 3, new[] { 1 })]
    public void Gradient_is_that_of_finite_differences(int frames, int classes, int[] labels)
    {
        const double Step = 1e-5;
        var logits = Outputs(frames, classes);
        var gradient = new double[logits.Length];
        Ctc.Evaluate(LogSoftmax(logits, classes), classes, labels, gradient);

        for (var i = 0; i < logits.Length; i++)
        {
            double At(double change)
            {
                double[] moved = [.. logits];
                moved[i] += change;
                return Ctc.Evaluate(LogSoftmax(moved, classes), classes, labels, []);
            }

            Assert.Equal((At(Step) - At(-Step)) / (2 * Step), gradient[i], 1e-8);
        }
    }

    [Fact]
    public void Long_sequences_do_not_underflow()
    {
        var logits = Outputs(4000, 50);
        int[] labels = [.. Enumerable.Range(0, 900).Select(i => 1 + (i % 49))];
        var gradient = new double[logits.Length];

        var loss = Ctc.Evaluate(LogSoftmax(logits, 50), 50, labels, gradient);

        Assert.InRange(loss, 1000, 1e6);
        // The expected shares of a frame add up to 1, as the softmax does.
        Assert.All(gradient.Chunk(50), row => Assert.Equal(0, row.Sum(), 1e-6));
    }

    [Fact]
    public void Labels_without_a_path_have_an_infinite_loss_and_no_gradient()
    {
        var gradient = new double[9];
        gradient[4] = 1;

        Assert.Equal(4, Ctc.LeastFrames([1, 1, 2]));
        Assert.Equal(double.PositiveInfinity, Ctc.Evaluate(LogSoftmax(Outputs(3, 3), 3), 3, [1, 1, 2], gradient));
        Assert.All(gradient, value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(new[] { 0 })]
    [InlineData(new[] { 3 })]
    [InlineData(new int[0])]
    public void Labels_out_of_range_are_refused(int[] labels) =>
        Assert.Throws<ArgumentException>(() => Ctc.Evaluate(LogSoftmax(Outputs(4, 3), 3), 3, labels, []));

    [Fact]
    public void Best_path_makes_repeats_one_and_leaves_blanks_out()
    {
        int[] path = [0, 1, 1, 0, 1, 2, 2, 0, 0, 2];
        var outputs = new float[path.Length * 3];
        for (var t = 0; t < path.Length; t++)
            outputs[(t * 3) + path[t]] = 1;

        Assert.Equal([1, 1, 2, 2], Ctc.BestPath(outputs, 3));
    }

    private static double ProbabilityOfPaths(double[] logProbabilities, int classes, int[] labels)
    {
        var frames = logProbabilities.Length / classes;
        var sum = 0.0;
        for (var number = 0; number < Math.Pow(classes, frames); number++)
        {
            var path = new int[frames];
            for (var (t, rest) = (0, number); t < frames; t++, rest /= classes)
                path[t] = rest % classes;
            var collapsed = path.Where((label, t) => label != 0 && (t == 0 || path[t - 1] != label));
            if (collapsed.SequenceEqual(labels))
                sum += Math.Exp(path.Select((label, t) => logProbabilities[(t * classes) + label]).Sum());
        }

        return sum;
    }

    private static double[] Outputs(int frames, int classes)
    {
        var random = SeededRandom.Of(3, (ulong)frames);
        return [.. Enumerable.Range(0, frames * classes).Select(_ => (4 * random.NextUniform()) - 2)];
    }

    private static double[] LogSoftmax(double[] logits, int classes) => [.. logits.Chunk(classes).SelectMany(row =>
    {
        var total = Math.Log(row.Sum(Math.Exp));
        return row.Select(value => value - total);
    })];
}
