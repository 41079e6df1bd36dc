using Mimir.Train.Data;
using Mimir.Train.Quarantine;

namespace Mimir.Train.Tests.Quarantine;

public sealed class UtteranceLossesTests
{
    private const int Frames = 30;

    [Fact]
    public void Outliers_are_far_above_the_median_and_worse_than_a_guess()
    {
        var losses = Make(utterances: 30, of: utterance => utterance switch { 7 => 4, 8 => 1, 9 => 0.6f, _ => 0.2f + (0.01f * utterance) });

        var suspect = Assert.Single(losses.Outliers(8));

        // Two classes alike: a guess costs log 2, and 0.6 is no worse; 1 is, but within eight deviations.
        Assert.Equal((7, SuspectKind.Outlier, 4.0), (suspect.Utterance, suspect.Kind, suspect.Loss));
        Assert.Equal([7, 8], losses.Outliers(4).Select(one => one.Utterance));
        Assert.Empty(losses.Outliers(0));
    }

    [Fact]
    public void Outliers_of_few_utterances_or_few_frames_are_not_judged()
    {
        Assert.Empty(Make(utterances: 10, of: utterance => utterance == 7 ? 20 : 0.1f).Outliers(8));
        Assert.Empty(Make(utterances: 30, of: utterance => utterance == 7 ? 20 : 0.1f, frames: 10).Outliers(8));
    }

    private static UtteranceLosses Make(int utterances, Func<int, float> of, int frames = Frames)
    {
        int[] classes = [.. Enumerable.Range(0, utterances * frames).Select(frame => frame % 2)];
        var corpus = new FrameCorpus(
            [.. Enumerable.Range(0, utterances).Select(u => $"u{u}")], [.. Enumerable.Repeat(frames, utterances)], 1,
            new float[utterances * frames], FrameTargets.FromClasses(classes), new("train", utterances, []));
        var losses = new UtteranceLosses(corpus, 2);
        for (var utterance = 0; utterance < utterances; utterance++)
        {
            for (var frame = 0; frame < frames; frame++)
                losses.Add(utterance, of(utterance));
        }

        return losses;
    }
}
