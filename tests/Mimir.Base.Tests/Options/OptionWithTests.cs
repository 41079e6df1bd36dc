using Mimir.Base.Options;

namespace Mimir.Base.Tests.Options;

public sealed class OptionWithTests
{
    private static readonly Record Defaults = new();

    public enum Window
    {
        Povey,

        [Choice("blackman-harris")]
        Other,
    }

    [Theory]
    [InlineData("size", "7")]
    [InlineData("rate", "0.25")]
    [InlineData("flag", "true")]
    [InlineData("name", "x y")]
    [InlineData("window", "blackman-harris")]
    [InlineData("snr", "20,-2.5,0")]
    [InlineData("seed", "18446744073709551615")]
    public void Format_writes_what_With_read(string name, string text)
    {
        var option = Option.Find(typeof(Record), name, "test");

        var changed = option.With(Defaults, text);

        Assert.Equal(text, option.Format(changed));
        Assert.NotEqual(text, option.Format(Defaults));
    }

    [Fact]
    public void With_copies_the_nested_record_too()
    {
        var changed = Option.Set(Defaults, "size", "7", "test");

        Assert.Equal((3, 7), (Defaults.Inner.Size, changed.Inner.Size));
    }

    [Theory]
    [InlineData("flag", "")]
    [InlineData("flag", "1")]
    [InlineData("flag", "T")]
    public void Parse_reads_true_as_Kaldi_does(string name, string text) =>
        Assert.Equal(true, OptionText.Parse(Option.Find(typeof(Record), name, "test"), text));

    [Theory]
    [InlineData("size", "4.5", "size: expected a whole number, got '4.5'")]
    [InlineData("size", "0", "size: expected 1 or more, got 0")]
    [InlineData("rate", "NaN", "rate: expected a number, got 'NaN'")]
    [InlineData("rate", "1.5", "rate: expected 0 to 1, got 1.5")]
    [InlineData("flag", "yes", "flag: expected true or false, got 'yes'")]
    [InlineData("window", "sine", "window: expected povey or blackman-harris, got 'sine'")]
    [InlineData("snr", "5,", "snr: expected a number, got ''")]
    [InlineData("snr", "[5, 100]", "snr: expected above -50 and below 100, got 100")]
    [InlineData("sizes", "1", "unknown test option 'sizes'; the nearest is 'size'")]
    public void Set_says_what_is_expected(string name, string text, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => Option.Set(Defaults, name, text, "test")).Message);

    [Fact]
    public void CheckRanges_names_the_option_that_is_out_of_range()
    {
        Option.CheckRanges(Defaults);

        var error = Assert.Throws<InputException>(() => Option.CheckRanges(Defaults with { Rate = float.PositiveInfinity }));

        Assert.Equal("rate: expected 0 to 1, got Infinity", error.Message);
    }

    private sealed record Nested
    {
        [Option("size", Min = 1)]
        public int Size { get; init; } = 3;
    }

    private sealed record Record
    {
        [IncludeOptions]
        public Nested Inner { get; init; } = new();

        [Option("rate", Min = 0, Max = 1)]
        public float Rate { get; init; }

        [Option("flag")]
        public bool? Flag { get; init; }

        [Option("name")]
        public string Name { get; init; } = "";

        [Option("window")]
        public Window Window { get; init; }

        [Option("snr", Min = -50, MinExcluded = true, Max = 100, MaxExcluded = true)]
        public IReadOnlyList<double> Snr { get; init; } = [];

        [Option("seed")]
        public ulong Seed { get; init; }
    }
}
