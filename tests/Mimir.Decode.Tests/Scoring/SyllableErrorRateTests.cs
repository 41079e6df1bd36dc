using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class SyllableErrorRateTests
{
    private static readonly KeyValuePair<string, IReadOnlyList<string>>[] Lexicon =
    [
        KeyValuePair.Create("妈", (IReadOnlyList<string>)["m", "a1"]),
        KeyValuePair.Create("马", (IReadOnlyList<string>)["m", "a3"]),
        KeyValuePair.Create("码", (IReadOnlyList<string>)["m", "a3"]),
        KeyValuePair.Create("行", (IReadOnlyList<string>)["x", "ing2"]),
        KeyValuePair.Create("行", (IReadOnlyList<string>)["h", "ang2"]),
        KeyValuePair.Create("航", (IReadOnlyList<string>)["h", "ang2"]),
    ];

    [Theory]
    [InlineData("马", "码", true, 0)]
    [InlineData("马", "妈", true, 1)]
    [InlineData("马", "妈", false, 0)]
    [InlineData("行", "航", true, 0)]
    [InlineData("X", "X", true, 0)]
    [InlineData("X", "马", true, 1)]
    public void Count_matches_characters_that_share_a_pronunciation(string reference, string hypothesis, bool tones, int errors)
    {
        var counts = new SyllableErrorRate(Lexicon, tones).Count([reference], [hypothesis]);

        Assert.Equal(errors, counts.Errors);
    }
}
