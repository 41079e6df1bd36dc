using System.Text.Json;
using Mimir.Base;

namespace Mimir.Corpus.Tests;

public class MandarinDigitsOptionNamesTests
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower };
    private static readonly MandarinDigitsOptions Defaults = new() { Folder = "somewhere" };

    [Fact]
    public void All_names_every_option_and_sets_back_what_it_reads()
    {
        var names = JsonSerializer.SerializeToElement(Defaults, Names).EnumerateObject().Select(property => property.Name);

        Assert.Equal(names.Order(), MandarinDigitsOptionNames.All.Select(option => option.Name).Order());
        foreach (var option in MandarinDigitsOptionNames.All)
            Assert.Equal(option.Get(Defaults), option.Get(option.Set(Defaults, option.Get(Defaults))));
    }

    [Theory]
    [InlineData("20,5", new double[] { 20, 5 })]
    [InlineData("[20, -2.5]", new double[] { 20, -2.5 })]
    [InlineData("7", new double[] { 7 })]
    public void Set_reads_ratios_as_a_list(string text, double[] want) =>
        Assert.Equal(want, MandarinDigitsOptionNames.Set(Defaults, "signal-to-noise", text).SignalToNoise);

    [Theory]
    [InlineData("seed", "x", "expected a whole number, got 'x'")]
    [InlineData("seed", "-1", "expected a whole number, got '-1'")]
    [InlineData("train-utterances", "1.5", "expected a whole number, got '1.5'")]
    [InlineData("clean-share", "half", "expected a number, got 'half'")]
    [InlineData("signal-to-noise", "5,", "expected a number, got ''")]
    public void Set_refuses_what_is_no_value(string name, string value, string message) => Assert.Equal(
        message, Assert.Throws<InputException>(() => MandarinDigitsOptionNames.Set(Defaults, name, value)).Message);

    [Fact]
    public void Set_unknown_option_lists_the_known_ones()
    {
        var error = Assert.Throws<InputException>(() => MandarinDigitsOptionNames.Set(Defaults, "speakers", "3"));

        Assert.StartsWith("unknown corpus option 'speakers'; expected one of seed, sample-rate,", error.Message, StringComparison.Ordinal);
    }
}
