using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;

namespace Mimir.Features.Tests.Extraction;

public sealed class FeatureOptionsTests
{
    public static TheoryData<string> Kinds => ["fbank", "mfcc", "plp", "spectrogram"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_another_value_is_what_Format_writes(string kind)
    {
        var options = FeatureOptions.ForKind(kind);

        foreach (var option in Option.Of(options.GetType()))
        {
            var value = option.TypeName switch
            {
                "bool" => option.Format(options) == "true" ? "false" : "true",
                "string" => "hamming",
                _ when option.Attribute.Max == 1 => "0.5",
                _ => "7",
            };

            Assert.Equal(value, option.Format(options.With(option.Name, value)));
            Assert.NotEqual(value, option.Format(options));
        }
    }

    [Fact]
    public void With_an_unknown_name_tells_the_nearest()
    {
        var error = Assert.Throws<InputException>(() => new FbankOptions().With("num-mel-bin", "40"));

        Assert.Equal("unknown fbank option 'num-mel-bin'; the nearest is 'num-mel-bins'", error.Message);
    }

    [Theory]
    [InlineData("num-mel-bins", "4.5", "expected a whole number")]
    [InlineData("dither", "NaN", "expected a number")]
    [InlineData("use-energy", "yes", "expected true or false")]
    [InlineData("window-type", "triangle", "expected hanning, sine, hamming, povey, rectangular or blackman, got 'triangle'")]
    [InlineData("preemphasis-coefficient", "1.5", "expected 0 to 1, got 1.5")]
    public void With_a_wrong_value_says_what_is_expected(string name, string value, string message)
    {
        var error = Assert.Throws<InputException>(() => new FbankOptions().With(name, value));

        Assert.StartsWith($"{name}: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_Kaldis()
    {
        var fbank = Option.Of(typeof(FbankOptions)).ToDictionary(o => o.Name, o => o.Format(new FbankOptions()));

        Assert.Equal(("16000", "25", "10", "1"), (fbank["sample-frequency"], fbank["frame-length"], fbank["frame-shift"], fbank["dither"]));
        Assert.Equal(
            ("0.97", "povey", "0.42", "true"),
            (fbank["preemphasis-coefficient"], fbank["window-type"], fbank["blackman-coeff"], fbank["snip-edges"]));
        Assert.Equal(
            ("23", "20", "0", "100", "-500"),
            (fbank["num-mel-bins"], fbank["low-freq"], fbank["high-freq"], fbank["vtln-low"], fbank["vtln-high"]));
        Assert.Equal(
            ("0", "true", "false", "true"),
            (fbank["energy-floor"], fbank["raw-energy"], fbank["use-energy"], fbank["use-log-fbank"]));
    }
}
