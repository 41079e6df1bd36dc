using Mimir.Base.Options;

namespace Mimir.Base.Tests.Options;

public class OptionTextTests
{
    [Theory]
    [InlineData("flag", "", true)]
    [InlineData("flag", "F", false)]
    [InlineData("count", "-3", -3)]
    [InlineData("rate", "0.5", 0.5f)]
    [InlineData("shape", "one-bit", Shape.OneBit)]
    [InlineData("name", " a b", " a b")]
    public void Parse_gives_a_value_of_the_options_type(string name, string text, object expected) =>
        Assert.Equal(expected, OptionText.Parse(Find(name), text));

    [Theory]
    [InlineData("flag", "maybe", "flag: expected true or false, got 'maybe'")]
    [InlineData("count", "x", "count: expected a whole number, got 'x'")]
    [InlineData("rate", "nan", "rate: expected a number, got 'nan'")]
    [InlineData("rate", "1", "rate: expected 0 or more and below 1, got 1")]
    [InlineData("bits", "9", "bits: expected 1 to 7, got 9")]
    [InlineData("above", "0", "above: expected above 0, got 0")]
    [InlineData("shape", "round", "shape: expected plain or one-bit, got 'round'")]
    public void Parse_of_another_value_says_what_is_expected(string name, string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => OptionText.Parse(Find(name), text)).Message);

    [Fact]
    public void Format_writes_what_Parse_reads() =>
        Assert.Equal(
            ["true", "0.008", "one-bit", "", "12"],
            new object?[] { true, 0.008f, Shape.OneBit, null, 12 }.Select(OptionText.Format));

    private static Option Find(string name) => Option.Of(typeof(Sample)).Single(option => option.Name == name);

    public enum Shape
    {
        Plain,
        OneBit,
    }

    private sealed record Sample
    {
        [Option("flag")]
        public bool Flag { get; init; }

        [Option("count")]
        public int Count { get; init; }

        [Option("rate", Min = 0, Max = 1, MaxExcluded = true)]
        public float Rate { get; init; }

        [Option("bits", Min = 1, Max = 7)]
        public int Bits { get; init; } = 1;

        [Option("above", Min = 0, MinExcluded = true)]
        public double Above { get; init; } = 1;

        [Option("shape")]
        public Shape Kind { get; init; }

        [Option("name")]
        public string Name { get; init; } = "";
    }
}
