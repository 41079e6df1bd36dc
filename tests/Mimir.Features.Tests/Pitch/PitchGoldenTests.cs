using Mimir.Features.Pitch;
using Mimir.Kaldi.Matrices;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Pitch;

/// <summary>What Kaldi's own code made of a synthetic wave, offline and in chunks, with all kinds of options.</summary>
public sealed class PitchGoldenTests(ITestOutputHelper console)
{
    [Theory]
    [InlineData("compute-kaldi-pitch-feats")]
    [InlineData("compute-and-process-kaldi-pitch-feats")]
    public void Compute_agrees_with_Kaldi(string tool)
    {
        var difference = new Difference();
        var goldens = ShippedGolden.Of(tool);

        foreach (var golden in goldens)
        {
            var options = golden.Options.Select(word => word[2..].Split('='))
                .Aggregate(new PitchFeatureOptions(), (o, pair) => o.With(pair[0], pair[1]));
            var got = tool == "compute-kaldi-pitch-feats"
                ? new PitchExtractor(options.Tracking).Compute(golden.Wave)
                : new PitchFeatureExtractor(options).Compute(golden.Wave);

            var want = new FloatMatrix(golden.Rows.Length, golden.Rows[0].Length, [.. golden.Rows.SelectMany(row => row)]);
            difference.Compare(string.Join(' ', golden.Options), got, want, 1e-3, 1e-4);
        }

        console.WriteLine($"{tool}: {goldens.Count} runs, {difference.Values} values, largest difference {difference.Largest}");
        Assert.True(goldens.Count > 10);
        difference.AssertNone();
    }
}
