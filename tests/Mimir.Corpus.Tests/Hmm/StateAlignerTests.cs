using Mimir.Corpus.Hmm;
using Mimir.Features.Extraction;

namespace Mimir.Corpus.Tests.Hmm;

public class StateAlignerTests
{
    private static readonly HmmSet Hmms = new();
    private static readonly FrameClock Clock = new(16000);
    private readonly StateAligner _aligner = new(Hmms);

    [Theory]
    [InlineData(16000, 399)]
    [InlineData(16000, 400)]
    [InlineData(16000, 559)]
    [InlineData(16000, 560)]
    [InlineData(16000, 12345)]
    public void Frames_is_the_number_that_features_have(int rate, int samples)
    {
        var features = new FbankExtractor(new FbankOptions()).Compute(new float[samples]);

        Assert.Equal(features.Rows, new FrameClock(rate).Frames(samples));
    }

    [Fact]
    public void Align_gives_each_unit_its_time()
    {
        var unit = Hmms.WordUnits[1][1];
        PhoneSpan[] spans = [new(Hmms.Silence, 0), new(unit, 160 * 20), new(Hmms.Silence, 160 * 32)];

        var ids = _aligner.Align(spans, Clock, 400 + (160 * 49));

        Assert.Equal(50, ids.Length);
        int[] want = [.. Stay(Hmms.Silence, 3, 13, 3), .. Stay(unit, 4, 4, 4), .. Stay(Hmms.Silence, 3, 13, 3)];
        Assert.Equal(want, ids);
    }

    [Fact]
    public void Align_lends_frames_to_units_that_are_too_short()
    {
        var (first, second) = (Hmms.WordUnits[1][0], Hmms.WordUnits[1][1]);
        PhoneSpan[] spans = [new(Hmms.Silence, 0), new(first, 700), new(second, 710), new(Hmms.Silence, 750)];

        var ids = _aligner.Align(spans, Clock, 400 + (160 * 11));

        int[] want =
        [
            .. Stay(Hmms.Silence, 1, 1, 1), .. Stay(first, 1, 1, 1), .. Stay(second, 1, 1, 1), .. Stay(Hmms.Silence, 1, 1, 1),
        ];
        Assert.Equal(want, ids);
        Assert.Throws<ArgumentException>(() => _aligner.Align(spans, Clock, 400 + (160 * 10)));
    }

    private static IEnumerable<int> Stay(HmmUnit unit, params int[] frames) => frames.SelectMany((count, state) =>
        Enumerable.Repeat(Hmms.SelfLoop(unit, state), count - 1).Prepend(Hmms.Forward(unit, state)));
}
