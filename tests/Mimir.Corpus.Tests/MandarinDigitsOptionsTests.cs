namespace Mimir.Corpus.Tests;

public class MandarinDigitsOptionsTests
{
    private static readonly MandarinDigitsOptions Defaults = new() { Folder = "somewhere" };

    [Fact]
    public void Validate_defaults_are_valid() => Defaults.Validate();

    [Fact]
    public void Validate_names_the_wrong_option()
    {
        AssertRefused(Defaults with { Folder = " " }, "folder: expected a path, got nothing");
        AssertRefused(Defaults with { SampleRate = 44100 }, "sample rate: expected 8000 or 16000, got 44100");
        AssertRefused(Defaults with { TestUtterances = 0 }, "test utterances: expected 1 to 99999, got 0");
        AssertRefused(Defaults with { DevSpeakers = 151 }, "dev speakers: expected 1 to 150, got 151");
        AssertRefused(Defaults with { LongestString = 2 }, "longest string: expected 3 to 20, got 2");
        AssertRefused(Defaults with { SignalToNoise = [] }, "signal to noise: expected at least one ratio, got none");
        AssertRefused(Defaults with { SignalToNoise = [5, double.NaN] }, "signal to noise: expected -20 to 60 dB, got NaN");
        AssertRefused(Defaults with { CleanShare = 1.5 }, "clean share: expected 0 to 1, got 1.5");
        AssertRefused(Defaults with { TelephoneShare = -0.1 }, "telephone share: expected 0 to 1, got -0.1");
    }

    private static void AssertRefused(MandarinDigitsOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(options.Validate).Message);
}
