using Mimir.Base;
using Mimir.Features.Extraction;

namespace Mimir.Features.Tests.Extraction;

public sealed class FeatureOptionNamesTests
{
    public static TheoryData<string> Kinds => ["fbank", "mfcc", "plp", "spectrogram"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Set_to_another_value_is_what_Get_reads(string kind)
    {
        var options = FeatureOptions.ForKind(kind);

        foreach (var option in FeatureOptionNames.Of(options).Where(o => o.Name is not "debug-mel" and not "max-feature-vectors"))
        {
            var value = option.Type switch
            {
                "bool" => option.Get(options) == "true" ? "false" : "true",
                "string" => "hamming",
                _ => "7",
            };

            Assert.Equal(value, option.Get(FeatureOptionNames.Set(options, option.Name, value)));
            Assert.NotEqual(value, option.Get(options));
        }
    }

    [Fact]
    public void Set_of_an_unknown_name_tells_the_nearest()
    {
        var error = Assert.Throws<InputException>(() => FeatureOptionNames.Set(new FbankOptions(), "num-mel-bin", "40"));

        Assert.Equal("unknown fbank option 'num-mel-bin'; the nearest is 'num-mel-bins'", error.Message);
    }

    [Theory]
    [InlineData("num-mel-bins", "4.5", "expected a whole number")]
    [InlineData("dither", "NaN", "expected a number")]
    [InlineData("use-energy", "yes", "expected true or false")]
    [InlineData("window-type", "triangle", "expected hanning")]
    public void Set_of_a_wrong_value_says_what_is_expected(string name, string value, string message)
    {
        var error = Assert.Throws<InputException>(() => FeatureOptionNames.Set(new FbankOptions(), name, value));

        Assert.StartsWith($"{name}: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_are_Kaldis()
    {
        var fbank = FeatureOptionNames.Of(new FbankOptions()).ToDictionary(o => o.Name, o => o.Get(new FbankOptions()));

        Assert.Equal(("16000", "25", "10", "1"), (fbank["sample-frequency"], fbank["frame-length"], fbank["frame-shift"], fbank["dither"]));
        Assert.Equal(("0.97", "povey", "0.42", "true"), (fbank["preemphasis-coefficient"], fbank["window-type"], fbank["blackman-coeff"], fbank["snip-edges"]));
        Assert.Equal(("23", "20", "0", "100", "-500"), (fbank["num-mel-bins"], fbank["low-freq"], fbank["high-freq"], fbank["vtln-low"], fbank["vtln-high"]));
        Assert.Equal(("0", "true", "false", "true"), (fbank["energy-floor"], fbank["raw-energy"], fbank["use-energy"], fbank["use-log-fbank"]));
    }
}
