using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0, 0, 0)]
    [InlineData("abc", "abc", 0, 0, 0)]
    [InlineData("abc", "", 0, 3, 0)]
    [InlineData("", "ab", 2, 0, 0)]
    [InlineData("abc", "axc", 0, 0, 1)]
    [InlineData("abcd", "bcde", 1, 1, 0)]
    [InlineData("ab", "ba", 1, 1, 0)]
    public void Count_splits_errors_as_kaldi(string reference, string hypothesis, int insertions, int deletions, int substitutions)
    {
        var counts = EditDistance.Count(EditDistance.Align(reference.ToCharArray(), hypothesis.ToCharArray()));

        Assert.Equal(new ErrorCounts(reference.Length, insertions, deletions, substitutions), counts);
    }

    [Fact]
    public void Count_random_strings_equals_the_recursive_definition()
    {
        var random = new Random(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var reference = Letters(random);
            var hypothesis = Letters(random);

            var counts = EditDistance.Count(EditDistance.Align(reference, hypothesis));
            var steps = EditDistance.Align(reference, hypothesis);

            Assert.Equal(Naive(reference, hypothesis), counts.Errors);
            Assert.Equal(reference.Length, counts.Reference);
            Assert.Equal(reference.Length, steps.Count(step => step.Reference >= 0));
            Assert.Equal(hypothesis.Length, steps.Count(step => step.Hypothesis >= 0));
            Assert.All(steps.Where(step => step.Operation == EditOperation.Correct), step =>
                Assert.Equal(reference[step.Reference], hypothesis[step.Hypothesis]));
        }
    }

    private static char[] Letters(Random random) =>
        [.. Enumerable.Range(0, random.Next(7)).Select(_ => (char)('a' + random.Next(3)))];

    private static int Naive(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length + b.Length;

        var match = Naive(a[1..], b[1..]) + (a[0] == b[0] ? 0 : 1);
        return Math.Min(match, 1 + Math.Min(Naive(a[1..], b), Naive(a, b[1..])));
    }
}
