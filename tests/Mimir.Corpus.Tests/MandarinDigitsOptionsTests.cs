using System.Text.Json;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Corpus.Tests;

public class MandarinDigitsOptionsTests
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower };
    private static readonly MandarinDigitsOptions Defaults = new() { Folder = "somewhere" };

    [Fact]
    public void Validate_defaults_are_valid() => Defaults.Validate();

    [Fact]
    public void Validate_names_the_wrong_option()
    {
        AssertRefused(Defaults with { Folder = " " }, "folder: expected a path, got nothing");
        AssertRefused(Defaults with { SampleRate = 44100 }, "sample-rate: expected 8000 to 16000, got 44100");
        AssertRefused(Defaults with { TestUtterances = 0 }, "test-utterances: expected 1 to 99999, got 0");
        AssertRefused(Defaults with { DevSpeakers = 151 }, "dev-speakers: expected 1 to 150, got 151");
        AssertRefused(Defaults with { LongestString = 2 }, "longest-string: expected 3 to 20, got 2");
        AssertRefused(Defaults with { SignalToNoise = [] }, "signal-to-noise: expected at least one ratio, got none");
        AssertRefused(Defaults with { SignalToNoise = [5, double.NaN] }, "signal-to-noise: expected -20 to 60, got NaN");
        AssertRefused(Defaults with { CleanShare = 1.5 }, "clean-share: expected 0 to 1, got 1.5");
        AssertRefused(Defaults with { TelephoneShare = -0.1 }, "telephone-share: expected 0 to 1, got -0.1");
    }

    [Fact]
    public void Every_option_has_a_name_and_sets_back_what_it_formats()
    {
        var names = JsonSerializer.SerializeToElement(Defaults, Names).EnumerateObject().Select(property => property.Name);

        Assert.Equal(names.Order(), Option.Of(typeof(MandarinDigitsOptions)).Select(option => option.Name).Order());
        foreach (var option in Option.Of(typeof(MandarinDigitsOptions)))
            Assert.Equal(option.Format(Defaults), option.Format(option.With(Defaults, option.Format(Defaults))));
    }

    [Theory]
    [InlineData("20,5", new double[] { 20, 5 })]
    [InlineData("[20, -2.5]", new double[] { 20, -2.5 })]
    [InlineData("7", new double[] { 7 })]
    public void With_reads_ratios_as_a_list(string text, double[] want) =>
        Assert.Equal(want, Defaults.With("signal-to-noise", text).SignalToNoise);

    [Theory]
    [InlineData("seed", "x", "expected a whole number, got 'x'")]
    [InlineData("seed", "-1", "expected a whole number, got '-1'")]
    [InlineData("train-utterances", "1.5", "expected a whole number, got '1.5'")]
    [InlineData("clean-share", "half", "expected a number, got 'half'")]
    [InlineData("signal-to-noise", "5,", "expected a number, got ''")]
    public void With_refuses_what_is_no_value(string name, string value, string message) => Assert.Equal(
        $"{name}: {message}", Assert.Throws<InputException>(() => Defaults.With(name, value)).Message);

    [Fact]
    public void With_an_unknown_option_names_the_nearest()
    {
        var error = Assert.Throws<InputException>(() => Defaults.With("speakers", "3"));

        Assert.Equal("unknown corpus option 'speakers'; the nearest is 'dev-speakers'", error.Message);
    }

    private static void AssertRefused(MandarinDigitsOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(options.Validate).Message);
}
