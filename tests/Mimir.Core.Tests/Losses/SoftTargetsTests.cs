using Mimir.Core.Losses;

namespace Mimir.Core.Tests.Losses;

public sealed class SoftTargetsTests
{
    [Fact]
    public void Build_of_entries_in_any_order_sorts_and_adds_up()
    {
        var builder = new SoftTargetsBuilder();
        builder.AddFrame([5, 2, 5], [0.25f, 0.5f, 0.25f]);
        builder.EndFrame();
        builder.AddFrame([1], [1]);

        var targets = builder.Build();

        Assert.Equal([0, 2, 2, 3], targets.Offsets.ToArray());
        Assert.Equal([2, 5, 1], targets.Classes.ToArray());
        Assert.Equal([0.5f, 0.5f, 1], targets.Weights.ToArray());
    }

    [Fact]
    public void Gather_takes_frames_in_the_order_of_the_batch()
    {
        var targets = new SoftTargets([0, 2, 2, 3], [2, 5, 1], [0.5f, 0.25f, 1]);

        var batch = targets.Gather([2, 0, 1, 2]);

        Assert.Equal([0, 1, 3, 3, 4], batch.Offsets.ToArray());
        Assert.Equal([1, 2, 5, 1], batch.Classes.ToArray());
        Assert.Equal([1, 0.5f, 0.25f, 1], batch.Weights.ToArray());
    }

    [Fact]
    public void OfClasses_counts_from_the_first_class()
    {
        var targets = new SoftTargets([0, 2, 2, 3], [2, 5, 1], [0.5f, 0.25f, 1]);

        var part = targets.OfClasses(2, 4);

        Assert.Equal([0, 2, 2, 2], part.Offsets.ToArray());
        Assert.Equal([0, 3], part.Classes.ToArray());
    }

    [Theory]
    [InlineData(new[] { 0, 2 }, new[] { 3, 3 }, new[] { 1f, 1f })]
    [InlineData(new[] { 0, 2 }, new[] { -1, 3 }, new[] { 1f, 1f })]
    [InlineData(new[] { 0, 1 }, new[] { 1 }, new[] { float.NaN })]
    [InlineData(new[] { 0, 2, 1 }, new[] { 1 }, new[] { 1f })]
    [InlineData(new[] { 0 }, new[] { 1 }, new[] { 1f })]
    public void Constructor_of_arrays_that_do_not_fit_is_an_error(int[] offsets, int[] classes, float[] weights) =>
        Assert.Throws<ArgumentException>(() => new SoftTargets(offsets, classes, weights));
}
