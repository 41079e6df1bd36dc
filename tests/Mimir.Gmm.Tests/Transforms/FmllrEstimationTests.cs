using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Tests.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Matrices;

namespace Mimir.Gmm.Tests.Transforms;

public sealed class FmllrEstimationTests
{
    private const int Dimension = 3;
    private const int Frames = 600;

    private static readonly FmllrOptions Options = new() { MinCount = 10 };

    private readonly DiagGmm[] _pdfs = [.. Enumerable.Range(1, 5).Select(seed => SomeGmms.Mixture(new Random(seed), 1, Dimension))];

    [Fact]
    public void Full_transform_undoes_a_distortion_and_gains_what_it_says()
    {
        var frames = Distorted(new double[,] { { 1.5, 0.2, 0 }, { -0.3, 0.8, 0.1 }, { 0, 0.25, 1.2 } }, [0.5, -1, 2]);

        var transform = FmllrEstimation.Estimate(Statistics(frames), Options);

        var before = LogLikelihood(frames, Unit());
        var after = LogLikelihood(frames, transform.Matrix);
        Assert.Equal(after - before, transform.Improvement, 1e-3 * Math.Abs(after));

        // The inverse of the distortion, as far as the frames tell.
        var undone = new float[Dimension];
        Apply(transform.Matrix, [0.5f, -1, 2], undone);
        Assert.All(undone, value => Assert.Equal(0, value, 0.3f));
    }

    [Theory]
    [InlineData(FmllrType.Full)]
    [InlineData(FmllrType.Diag)]
    [InlineData(FmllrType.Offset)]
    public void Transform_is_the_best_of_its_form(FmllrType type)
    {
        var frames = Distorted(new double[,] { { 1.5, 0.2, 0 }, { -0.3, 0.8, 0.1 }, { 0, 0.25, 1.2 } }, [0.5, -1, 2]);

        var best = FmllrEstimation.Estimate(Statistics(frames), Options with { Type = type, Rounds = 200 }).Matrix;

        var reached = LogLikelihood(frames, best);
        for (var row = 0; row < Dimension; row++)
        {
            for (var column = 0; column <= Dimension; column++)
            {
                if (column < Dimension && (type == FmllrType.Offset || (type == FmllrType.Diag && row != column)))
                {
                    Assert.Equal(row == column ? 1 : 0, best[row, column]);
                    continue;
                }

                foreach (var step in (float[])[-0.02f, 0.02f])
                {
                    var other = new FloatMatrix(Dimension, Dimension + 1, [.. best.Data]);
                    other[row, column] += step;
                    Assert.InRange(LogLikelihood(frames, other), double.NegativeInfinity, reached);
                }
            }
        }
    }

    [Fact]
    public void Richer_forms_gain_more()
    {
        var frames = Distorted(new double[,] { { 1.5, 0.2, 0 }, { -0.3, 0.8, 0.1 }, { 0, 0.25, 1.2 } }, [0.5, -1, 2]);
        var statistics = Statistics(frames);

        double[] gains = [.. ((FmllrType[])[FmllrType.None, FmllrType.Offset, FmllrType.Diag, FmllrType.Full])
            .Select(type => FmllrEstimation.Estimate(statistics, Options with { Type = type }).Improvement)];

        Assert.Equal(gains.Order(), gains);
        Assert.Equal(0, gains[0]);
        Assert.InRange(gains[1], 1, double.PositiveInfinity);
    }

    [Fact]
    public void Too_few_frames_change_nothing()
    {
        var warnings = new List<string>();
        var statistics = Statistics(Distorted(new double[3, 3], [1, 1, 1]));

        var transform = FmllrEstimation.Estimate(statistics, new() { MinCount = 601 }, warnings.Add);

        Assert.Equal(Unit().Data, transform.Matrix.Data);
        Assert.Equal(["Not updating fMLLR since below min-count: count is 600"], warnings);
    }

    [Fact]
    public void Frames_that_determine_no_transform_change_nothing()
    {
        var warnings = new List<string>();

        var transform = FmllrEstimation.Estimate(Statistics(new FloatMatrix(Frames, Dimension)), Options, warnings.Add);

        Assert.Equal(Unit().Data, transform.Matrix.Data);
        Assert.Single(warnings);
    }

    private static FloatMatrix Unit()
    {
        var unit = new FloatMatrix(Dimension, Dimension + 1);
        for (var i = 0; i < Dimension; i++)
            unit[i, i] = 1;

        return unit;
    }

    private FmllrStatistics Statistics(FloatMatrix frames)
    {
        var statistics = new FmllrStatistics(Dimension);
        for (var frame = 0; frame < frames.Rows; frame++)
            statistics.Add(_pdfs[frame % _pdfs.Length], frames.Row(frame), 1f);

        return statistics;
    }

    // Frames of the pdfs in turn, multiplied by a matrix and shifted.
    private FloatMatrix Distorted(double[,] matrix, double[] offset)
    {
        var random = new Random(11);
        var frames = new FloatMatrix(Frames, Dimension);
        var clean = new double[Dimension];
        for (var frame = 0; frame < Frames; frame++)
        {
            var moments = _pdfs[frame % _pdfs.Length].ToMoments();
            for (var i = 0; i < Dimension; i++)
            {
                var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
                clean[i] = moments.Means[0, i] + (Math.Sqrt(moments.Variances[0, i]) * normal);
            }

            for (var i = 0; i < Dimension; i++)
                frames[frame, i] = (float)(offset[i] + Enumerable.Range(0, Dimension).Sum(j => matrix[i, j] * clean[j]));
        }

        return frames;
    }

    // Of the transformed frames, with the determinant of the transform.
    private double LogLikelihood(FloatMatrix frames, FloatMatrix transform)
    {
        var sum = frames.Rows * Math.Log(Math.Abs(Determinant(transform)));
        var transformed = new float[Dimension];
        for (var frame = 0; frame < frames.Rows; frame++)
        {
            Apply(transform, frames.Row(frame), transformed);
            sum += _pdfs[frame % _pdfs.Length].LogLikelihood(transformed);
        }

        return sum;
    }

    private static void Apply(FloatMatrix transform, ReadOnlySpan<float> frame, float[] result)
    {
        for (var i = 0; i < Dimension; i++)
        {
            result[i] = transform[i, Dimension];
            for (var j = 0; j < Dimension; j++)
                result[i] += transform[i, j] * frame[j];
        }
    }

    private static double Determinant(FloatMatrix m) =>
        (m[0, 0] * ((m[1, 1] * m[2, 2]) - (m[1, 2] * m[2, 1]))) - (m[0, 1] * ((m[1, 0] * m[2, 2]) - (m[1, 2] * m[2, 0])))
        + (m[0, 2] * ((m[1, 0] * m[2, 1]) - (m[1, 1] * m[2, 0])));
}
