using Mimir.Decode.Graphs;

namespace Mimir.Decode.Tests.Graphs;

public sealed class FstBuilderTests
{
    [Fact]
    public void Build_without_states_gives_the_empty_transducer()
    {
        var fst = new FstBuilder().Build();

        Assert.Equal(-1, fst.Start);
        Assert.Equal(0, fst.StateCount);
    }

    [Fact]
    public void Build_arc_to_a_missing_state_fails()
    {
        var builder = new FstBuilder();
        builder.AddState();
        builder.AddArc(0, new FstArc(1, 1, 0, 3));

        Assert.Throws<ArgumentException>(() => builder.Build());
    }

    [Fact]
    public void AddArc_negative_label_or_weight_without_value_fails()
    {
        var builder = new FstBuilder();
        builder.AddState();

        Assert.Throws<ArgumentException>(() => builder.AddArc(0, new FstArc(-1, 1, 0, 0)));
        Assert.Throws<ArgumentException>(() => builder.AddArc(0, new FstArc(1, 1, float.NaN, 0)));
        Assert.Throws<ArgumentException>(() => builder.AddArc(1, new FstArc(1, 1, 0, 0)));
    }
}
