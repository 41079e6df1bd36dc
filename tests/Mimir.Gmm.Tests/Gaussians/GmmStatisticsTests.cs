using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Xunit.Abstractions;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class GmmStatisticsTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, GmmParts.All)]
    [InlineData(false, GmmParts.All)]
    [InlineData(true, GmmParts.Weights)]
    [InlineData(false, GmmParts.Means)]
    public void Write_reads_back(bool binary, GmmParts parts)
    {
        var statistics = Some(parts);

        statistics.Write(_folder.At("acc"), binary);
        var read = GmmStatistics.Read(_folder.At("acc"));

        Assert.Equal(statistics.Transitions, read.Transitions);
        Assert.Equal(statistics.Frames, read.Frames, 1e-6);
        Assert.Equal(statistics.LogLikelihood, read.LogLikelihood, 1e-3);
        foreach (var (expected, actual) in statistics.Pdfs.Zip(read.Pdfs))
        {
            Assert.Equal(parts.WithNeeded(), actual.Parts);
            AssertNear(expected.Occupancy, actual.Occupancy);
            AssertNear(expected.Sums.Cast<double>(), actual.Sums.Cast<double>());
            AssertNear(expected.Squares.Cast<double>(), actual.Squares.Cast<double>());
        }
    }

    [Fact]
    public void Add_of_parts_is_the_statistics_of_the_whole()
    {
        var (model, frames) = (SomeGmms.Whole(), SomeGmms.Frames(new Random(2), 20, 3));
        var (whole, first, second) = (new GmmStatistics(model), new GmmStatistics(model), new GmmStatistics(model));
        for (var frame = 0; frame < 20; frame++)
        {
            whole.Add(model.Acoustic, frame % 3, frames.Row(frame), 0.5f);
            (frame < 7 ? first : second).Add(model.Acoustic, frame % 3, frames.Row(frame), 0.5f);
        }

        first.Add(second);

        Assert.Equal((10, 3), (whole.Frames, whole.Pdfs.Count));
        Assert.Equal(whole.LogLikelihood, first.LogLikelihood, 1e-3);
        for (var pdf = 0; pdf < 3; pdf++)
        {
            AssertNear(whole.Pdfs[pdf].Occupancy, first.Pdfs[pdf].Occupancy);
            AssertNear(whole.Pdfs[pdf].Squares.Cast<double>(), first.Pdfs[pdf].Squares.Cast<double>());
        }
    }

    [Fact]
    public void Add_is_that_of_the_plain_sums()
    {
        var mixture = SomeGmms.Mixture(new Random(3), 3, 300);
        var frames = SomeGmms.Frames(new Random(4), 5, 300);
        var statistics = new PdfStatistics(3, 300, GmmParts.All);
        var (sums, posteriors) = (new double[3, 300], new float[3]);
        for (var frame = 0; frame < 5; frame++)
        {
            statistics.Add(mixture, frames.Row(frame), frames.Row(frame), 0.25f);
            mixture.Posteriors(frames.Row(frame), posteriors);
            for (var i = 0; i < sums.Length; i++)
                sums[i / 300, i % 300] += 0.25f * posteriors[i / 300] * frames[frame, i % 300];
        }

        AssertNear(sums.Cast<double>(), statistics.Sums.Cast<double>());
    }

    [Fact]
    public void Smooth_pulls_the_moments_towards_those_of_the_source()
    {
        var mixture = SomeGmms.Mixture(new Random(5), 2, 3);
        var statistics = new PdfStatistics(2, 3, GmmParts.All);

        statistics.Smooth(PdfStatistics.Of(mixture), 50);

        var moments = mixture.ToMoments();
        Assert.Equal([50, 50], statistics.Occupancy);
        Assert.Equal(50 * moments.Means[1, 2], statistics.Sums[1, 2], 1e-4);
        Assert.Equal(50 * (moments.Variances[1, 2] + (moments.Means[1, 2] * moments.Means[1, 2])), statistics.Squares[1, 2], 1e-4);
    }

    [Fact]
    public void Statistics_of_another_model_are_refused()
    {
        var model = SomeGmms.Whole();
        var other = model with { Acoustic = SomeGmms.Model(new Random(1), 3, 1, 1, 1) };

        Assert.Throws<InputException>(() => new GmmStatistics(model).Add(new GmmStatistics(other)));
        Assert.Throws<InputException>(() => new GmmStatistics(model).RequireFit(other));
        Assert.Throws<InputException>(
            () => new GmmStatistics(model).RequireFit(model with { Acoustic = SomeGmms.Model(new Random(1), 3, 2, 1, 3, 1) }));
        new GmmStatistics(model).RequireFit(model);
    }

    [Fact]
    public void Frame_that_is_not_finite_is_refused_and_adds_nothing()
    {
        var model = SomeGmms.Whole();
        var statistics = new GmmStatistics(model);

        var error = Assert.Throws<InputException>(() => statistics.Add(model.Acoustic, 2, [0, float.NaN, 0]));

        Assert.Contains("the log-likelihood of pdf 2 is NaN", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, statistics.Pdfs[2].Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_of_mutated_statistics_gives_values_or_a_message(bool binary)
    {
        Some(GmmParts.All).Write(_folder.At("acc"), binary);

        var report = Fuzzer.Run(
            binary ? "GMM statistics" : "GMM statistics text", File.ReadAllBytes(_folder.At("acc")), path => GmmStatistics.Read(path));

        console.WriteLine($"{report}");
    }

    [Fact]
    public void Parts_are_read_by_their_letters()
    {
        Assert.Equal(GmmParts.Means | GmmParts.Transitions, GmmPartsText.Parse("mt"));
        Assert.Equal(GmmParts.All, GmmPartsText.Parse("a"));
        Assert.Contains("got 'x'", Assert.Throws<InputException>(() => GmmPartsText.Parse("mx")).Message, StringComparison.Ordinal);
    }

    private static GmmStatistics Some(GmmParts parts)
    {
        var model = SomeGmms.Whole();
        var statistics = new GmmStatistics(model, parts);
        var frames = SomeGmms.Frames(new Random(2), 20, 3);
        for (var frame = 0; frame < 20; frame++)
        {
            statistics.Add(model.Acoustic, frame % 3, frames.Row(frame));
            statistics.Transitions[1 + (frame % 6)]++;
        }

        return statistics;
    }

    private static void AssertNear(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach (var (want, got) in expected.Zip(actual))
            Assert.Equal(want, got, 1e-5 * (1 + Math.Abs(want)));
    }
}
