using Mimir.Features.Extraction;

namespace Mimir.Features.Tests.Extraction;

public sealed class ShippedGoldenTests
{
    [Theory]
    [InlineData("fbank")]
    [InlineData("mfcc")]
    [InlineData("spectrogram")]
    public void Compute_agrees_with_Kaldi(string kind)
    {
        var goldens = ShippedGolden.Of($"compute-{kind}-feats");

        Assert.NotEmpty(goldens);
        foreach (var golden in goldens)
        {
            var (options, warp) = Parsed(kind, golden.Options);
            var features = options.CreateExtractor().Compute(golden.Wave, warp);

            Assert.Equal(golden.Rows.Length, features.Rows);
            for (var t = 0; t < features.Rows; t++)
            {
                for (var d = 0; d < features.Columns; d++)
                    Assert.Equal(golden.Rows[t][d], features[t, d], 1e-3 + (1e-5 * Math.Abs(golden.Rows[t][d])));
            }
        }
    }

    private static (FeatureOptions Options, float Warp) Parsed(string kind, string[] words)
    {
        var options = FeatureOptions.ForKind(kind);
        var warp = 1f;
        foreach (var word in words)
        {
            var parts = word[2..].Split('=');
            if (parts[0] == "vtln-warp")
                warp = float.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
            else
                options = options.With(parts[0], parts[1]);
        }

        return (options, warp);
    }
}
