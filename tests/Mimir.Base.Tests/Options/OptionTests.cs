using Mimir.Base.Options;

namespace Mimir.Base.Tests.Options;

public sealed class OptionTests
{
    public enum Shape
    {
        Round,

        [Choice("many-cornered")]
        Polygon,

        AlmostRound,
    }

    [Fact]
    public void Of_lists_base_then_included_then_own_options_with_summaries()
    {
        var options = Option.Of(typeof(Outer));

        Assert.Equal(["common", "inner-size", "shape"], options.Select(option => option.Name));
        Assert.Equal("The size of `it`, in hertz.", options[1].Description);
    }

    [Fact]
    public void Get_and_Set_reach_included_records()
    {
        var outer = new Outer();
        var size = Option.Of(typeof(Outer)).Single(option => option.Name == "inner-size");

        Assert.Equal(3, size.Get(outer));
        size.Set(outer, 5);

        Assert.Equal(5, outer.Inner.Size);
    }

    [Theory]
    [InlineData(Shape.Round, "round")]
    [InlineData(Shape.Polygon, "many-cornered")]
    [InlineData(Shape.AlmostRound, "almost-round")]
    public void NameOf_uses_the_choice_or_kebab_case(Shape shape, string name) => Assert.Equal(name, Option.NameOf(shape));

    [Fact]
    public void Allows_respects_excluded_ends()
    {
        var range = new OptionAttribute("x") { Min = 0, MinExcluded = true, Max = 1 };

        Assert.Equal([false, true, true, false], new[] { 0, 0.5, 1, double.NaN }.Select(range.Allows));
    }

    private record Common
    {
        [Option("common")]
        public bool Flag { get; init; }
    }

    private sealed record Inner
    {
        /// <summary>The size of <c>it</c>,
        /// in hertz.</summary>
        [Option("inner-size", Min = 1)]
        public int Size { get; init; } = 3;
    }

    private sealed record Outer : Common
    {
        [IncludeOptions]
        public Inner Inner { get; init; } = new();

        [Option("shape")]
        public Shape Shape { get; init; }
    }
}
