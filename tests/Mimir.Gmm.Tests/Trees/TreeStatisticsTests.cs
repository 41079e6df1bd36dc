using Mimir.Base;
using Mimir.Gmm.Trees;

namespace Mimir.Gmm.Tests.Trees;

public sealed class TreeStatisticsTests : IDisposable
{
    private const string Text =
        "BTS 2 EV 2 -1 0 1 3 \nT GCL 2 0.01  [\n  3 4 \n  5 10 ]\nEV 2 -1 1 1 3 \nT GCL 1 0.01  [\n  1 0 \n  1 0 ]\n\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_gives_back_the_text_and_binary_reads_as_the_same()
    {
        var statistics = TreeStatistics.Read(_folder.Write("text", Text));

        statistics.Write(_folder.At("binary"));
        TreeStatistics.Read(_folder.At("binary")).Write(_folder.At("again"), binary: false);

        Assert.Equal(Text, File.ReadAllText(_folder.At("again")));
    }

    [Fact]
    public void Sum_adds_equal_events_and_orders_them()
    {
        var one = TreeStatistics.Read(_folder.Write("text", Text));
        var other = new TreeStatistics([one.Contexts[1], new(new TreeEvent((1, 2), (-1, 0)), one.Contexts[0].Frames)]);

        var sum = TreeStatistics.Sum([one, other]);

        Assert.Equal(["-1:0 1:2", "-1:0 1:3", "-1:1 1:3"], sum.Contexts.Select(context => context.Event.ToString()));
        Assert.Equal([2.0, 2.0, 2.0], sum.Contexts.Select(context => context.Frames.Count));
        Assert.Equal(1, one.Contexts[1].Frames.Count);
        var narrow = new TreeStatistics([new(new TreeEvent((1, 1)), new ClusterStatistics(1, 0.01))]);
        Assert.Throws<InputException>(() => TreeStatistics.Sum([one, narrow]));
    }

    [Fact]
    public void Objective_is_the_likelihood_of_a_gaussian()
    {
        var frames = new ClusterStatistics(1, 0.01);
        float[] values = [1, 2, 4];
        foreach (var value in values)
            frames.AddFrame([value]);

        var mean = values.Average();
        var variance = values.Average(value => (value - mean) * (value - mean));
        var expected = values.Sum(value =>
            -0.5 * (Math.Log(2 * Math.PI * variance) + ((value - mean) * (value - mean) / variance)));

        Assert.Equal(expected, frames.Objective(), 4);
        var half = new ClusterStatistics(1, 0.01);
        half.AddFrame([1]);
        var rest = frames.Clone();
        rest.Subtract(half);
        Assert.Equal(frames.Objective(), ClusterStatistics.ObjectiveOfSum(half, rest));
    }

    [Theory]
    [InlineData("BTS 1 EV 2 1 0 1 1 \nF ", "two values")]
    [InlineData("BTS 1 EV 1 1 0 \nT GCL -1 0.01  [\n  3 \n  5 ]\n", "count")]
    [InlineData("BTS 1 EV 1 1 0 \nT GCL 1 0.01  [\n  3 ]\n", "two sums")]
    [InlineData("BTS 1 EV 1 1 0 \nT GCL 1 0.01  [\n  3 \n  inf ]\n", "finite")]
    [InlineData("BTS 2 EV 1 1 0 \nT GCL 1 0.01  [\n  3 \n  9 ]\nEV 1 1 1 \nT GCL 1 0.01  [\n  3 1 \n  9 1 ]\n", "as before")]
    public void Read_of_what_is_no_statistics_names_the_place(string text, string what)
    {
        var path = _folder.Write("statistics", text);

        var error = Assert.Throws<InputException>(() => TreeStatistics.Read(path));

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_damaged_statistics_gives_values_or_a_message()
    {
        TreeStatistics.Read(_folder.Write("text", Text)).Write(_folder.At("binary"));

        Fuzzer.Run("tree statistics text", File.ReadAllBytes(_folder.At("text")), path => TreeStatistics.Read(path));
        Fuzzer.Run("tree statistics", File.ReadAllBytes(_folder.At("binary")), path => TreeStatistics.Read(path));
    }
}
