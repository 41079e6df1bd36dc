using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class ErrorDigestTests
{
    [Fact]
    public void Of_a_sheet_puts_the_worst_first_with_aligned_errors()
    {
        var references = new Dictionary<string, string> { ["u1"] = "a b c", ["u2"] = "a b", ["u3"] = "c c", ["u4"] = "a" };
        var hypotheses = new Dictionary<string, string> { ["u1"] = "a x c", ["u2"] = "x y b z", ["u3"] = "c c", ["u4"] = "x" };
        var speakers = new Dictionary<string, string> { ["u1"] = "anna", ["u2"] = "ben", ["u3"] = "anna", ["u4"] = "ben" };

        var digest = ErrorDigest.Of(ScoreSheet.Score(references, hypotheses, new(), speakers));

        Assert.Equal(["u2", "u4", "u1"], digest.Utterances.Select(row => row.Utterance));
        Assert.Equal(["a", "b"], digest.Utterances[0].Reference.Where(token => token != "***"));
        Assert.Equal(digest.Utterances[0].Errors, digest.Utterances[0].Operations.Count(letter => letter != 'C'));
        Assert.Equal(["ben", "anna"], digest.Speakers.Select(speaker => speaker.Speaker));
        Assert.Equal((2, 4L, 3L), (digest.Speakers[0].Utterances, digest.Speakers[0].Errors, digest.Speakers[0].Words));
        Assert.Equal(digest.Confusions.Sum(confusion => confusion.Count), digest.Utterances.Sum(row => row.Errors));
        Assert.True(digest.Confusions[0].Count >= digest.Confusions[^1].Count);
    }

    [Fact]
    public void Of_a_sheet_without_errors_or_speakers_is_empty()
    {
        var texts = new Dictionary<string, string> { ["u1"] = "a", ["u2"] = "b" };

        var digest = ErrorDigest.Of(ScoreSheet.Score(texts, texts, new()));

        Assert.Empty(digest.Utterances);
        Assert.Empty(digest.Speakers);
        Assert.Empty(digest.Confusions);
    }
}
