using Mimir.Base;
using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class PairedBootstrapTests
{
    [Fact]
    public void Compare_of_identical_systems_finds_nothing()
    {
        var errors = Some(200, seed: 1);

        var result = PairedBootstrap.Compare(errors, errors);

        Assert.Equal(new BootstrapResult(0, 0, 0, 0.5, 200), result);
        Assert.False(result.IsSignificant);
    }

    [Fact]
    public void Compare_of_a_system_that_is_always_better_is_significant()
    {
        var worse = Some(100, seed: 1);
        var better = worse.Select(counts => counts with { Substitutions = Math.Max(0, counts.Substitutions - 1), Deletions = 0 }).ToList();

        var result = PairedBootstrap.Compare(worse, better);
        var turned = PairedBootstrap.Compare(better, worse);

        Assert.True(result.IsSignificant && turned.IsSignificant);
        Assert.Equal(1, result.ProbabilityOfImprovement);
        Assert.Equal(0, turned.ProbabilityOfImprovement);
        Assert.Equal(100.0 * (Errors(better) - Errors(worse)) / worse.Sum(counts => counts.Reference), result.Difference, 1e-12);
        Assert.InRange(result.Difference, result.Low, result.High);
        Assert.Equal((result.Difference, result.Low, result.High), (-turned.Difference, -turned.High, -turned.Low));
    }

    [Fact]
    public void Compare_of_two_utterances_gives_the_probabilities_that_can_be_counted()
    {
        // Drawn twice: (better, better) 1/4, one of each 1/2, (worse, worse) 1/4; one of each is a tie.
        ErrorCounts[] first = [new(10, 0, 0, 2), new(10, 0, 0, 1)];
        ErrorCounts[] second = [new(10, 0, 0, 1), new(10, 0, 0, 2)];

        var result = PairedBootstrap.Compare(first, second, new() { Draws = 40_000 });

        Assert.Equal(0.5, result.ProbabilityOfImprovement, 0.01);
        Assert.Equal((0, -10, 10), (result.Difference, result.Low, result.High));
    }

    [Fact]
    public void Compare_agrees_with_draws_written_out_in_full()
    {
        var (first, second) = (Some(60, seed: 3), Some(60, seed: 4));
        var options = new BootstrapOptions { Draws = 4000 };

        var result = PairedBootstrap.Compare(first, second, options);
        var (low, high, better) = InFull(first, second, 20_000, new Random(7));

        Assert.Equal(low, result.Low, 0.5);
        Assert.Equal(high, result.High, 0.5);
        Assert.Equal(better, result.ProbabilityOfImprovement, 0.02);
    }

    [Theory]
    [InlineData(0.5, 0.166666667, 3.333333333)]
    [InlineData(0.9, -2.666666667, 4.666666667)]
    [InlineData(0.99, -5.5, 5)]
    public void Interval_ends_at_draws_and_leaves_out_as_many_on_both_sides(double level, double low, double high)
    {
        var result = PairedBootstrap.Compare(Some(60, seed: 3), Some(60, seed: 4), new() { Draws = 40, Seed = 5, Level = level });

        Assert.Equal((low, high), (Math.Round(result.Low, 9), Math.Round(result.High, 9)));
    }

    [Fact]
    public void Compare_gives_the_same_for_the_same_seed()
    {
        var (first, second) = (Some(60, seed: 3), Some(60, seed: 4));

        Assert.Equal(PairedBootstrap.Compare(first, second), PairedBootstrap.Compare(first, second));
        Assert.NotEqual(PairedBootstrap.Compare(first, second), PairedBootstrap.Compare(first, second, new() { Seed = 1 }));
    }

    [Fact]
    public void Interval_holds_the_true_difference_about_as_often_as_it_says()
    {
        // Equal systems: errors of both are drawn from one distribution, so the true difference is 0.
        const int Trials = 400;
        var held = 0;
        for (var trial = 0; trial < Trials; trial++)
        {
            var result = PairedBootstrap.Compare(
                Some(80, 100 + trial), Some(80, 9000 + trial), new() { Draws = 400, Seed = (ulong)trial });
            held += result.IsSignificant ? 0 : 1;
        }

        Assert.InRange(held / (double)Trials, 0.91, 0.98);
    }

    [Fact]
    public void Compare_refuses_what_is_not_the_same_utterances()
    {
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare(Some(3, 1), Some(4, 1)));
        Assert.Throws<ArgumentException>(() => PairedBootstrap.Compare([new(3, 0, 0, 1)], [new(4, 0, 0, 1)]));
        Assert.Throws<InputException>(() => PairedBootstrap.Compare([new(0, 1, 0, 0)], [new(0, 0, 0, 0)]));
    }

    private static List<ErrorCounts> Some(int utterances, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, utterances).Select(_ => new ErrorCounts(10, random.Next(2), random.Next(2), random.Next(5)))];
    }

    private static long Errors(IEnumerable<ErrorCounts> counts) => counts.Sum(utterance => utterance.Errors);

    /// <summary>The slow way: the sheets of each draw are made and scored.</summary>
    private static (double Low, double High, double Better) InFull(
        List<ErrorCounts> first, List<ErrorCounts> second, int draws, Random random)
    {
        var differences = new List<double>();
        for (var draw = 0; draw < draws; draw++)
        {
            var drawn = Enumerable.Range(0, first.Count).Select(_ => random.Next(first.Count)).ToList();
            var one = drawn.Select(index => first[index]).Aggregate(ErrorCounts.Add);
            var other = drawn.Select(index => second[index]).Aggregate(ErrorCounts.Add);
            differences.Add(other.Percent - one.Percent);
        }

        differences.Sort();
        var better = differences.Sum(difference => difference < 0 ? 1 : difference == 0 ? 0.5 : 0) / draws;
        return (differences[(int)(0.025 * draws)], differences[(int)(0.975 * draws)], better);
    }
}
