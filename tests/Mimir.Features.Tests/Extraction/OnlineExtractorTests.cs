using Mimir.Base;
using Mimir.Features.Extraction;

namespace Mimir.Features.Tests.Extraction;

public sealed class OnlineExtractorTests
{
    [Theory]
    [InlineData(true, "fbank")]
    [InlineData(false, "fbank")]
    [InlineData(true, "mfcc")]
    [InlineData(false, "mfcc")]
    public void The_pieces_together_are_the_features_of_the_whole(bool snipEdges, string kind)
    {
        var options = FeatureOptions.ForKind(kind).With("snip-edges", snipEdges ? "true" : "false").With("dither", "0");
        foreach (var length in new[] { 0, 100, 399, 400, 500, 1000, 1700, 5000, 16_123 })
        {
            var random = new Random(length);
            var wave = Enumerable.Range(0, length).Select(_ => (float)random.Next(-3000, 3000)).ToArray();
            var whole = options.CreateExtractor().Compute(wave);
            foreach (var piece in new[] { 37, 1600, 1 << 20 })
            {
                var stream = new OnlineExtractor(options, 1);
                var parts = wave.Chunk(piece).Select(samples => stream.Accept(samples)).ToList();
                parts.Add(stream.Finish());

                var together = FeatureFrames.Concatenate(parts);
                Assert.Equal(whole.Rows, together.Rows);
                Assert.Equal(whole.Data, together.Data);
            }
        }
    }

    [Fact]
    public void Dither_is_the_same_whatever_the_pieces()
    {
        var options = FeatureOptions.ForKind("fbank");
        var wave = Enumerable.Range(0, 20_000).Select(i => (float)(i % 100)).ToArray();

        Assert.Equal(Run(500), Run(7000));

        float[] Run(int piece)
        {
            var stream = new OnlineExtractor(options, 1);
            var parts = wave.Chunk(piece).Select(samples => stream.Accept(samples)).ToList();
            return FeatureFrames.Concatenate([.. parts, stream.Finish()]).Data;
        }
    }

    [Fact]
    public void The_mean_of_a_recording_is_refused() =>
        Assert.Throws<InputException>(() => new OnlineExtractor(FeatureOptions.ForKind("mfcc").With("subtract-mean", "true"), 1));
}
