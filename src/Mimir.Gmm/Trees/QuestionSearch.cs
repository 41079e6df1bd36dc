using Mimir.Base;

namespace Mimir.Gmm.Trees;

/// <summary>A question and what the objective gains when it divides some states in contexts.</summary>
/// <param name="Gain">The gain; 0 for no question.</param>
/// <param name="Key">The key.</param>
/// <param name="YesSet">The values for which the answer is yes, in rising order.</param>
internal readonly record struct FoundQuestion(float Gain, int Key, IReadOnlyList<int> YesSet);

/// <summary>Finds the best question about states in contexts (Kaldi: <c>FindBestSplitForKey</c>).</summary>
internal static class QuestionSearch
{
    // So few contexts are divided faster by one thread.
    private const int ParallelFrom = 200;

    /// <summary>Finds the question about any key that gains most.</summary>
    public static FoundQuestion FindBest(IReadOnlyList<ContextStatistics> contexts, TreeQuestions questions)
    {
        int[] keys = [.. questions.ByKey.Keys];
        var found = new FoundQuestion[keys.Length];
        if (contexts.Count < ParallelFrom)
        {
            for (var i = 0; i < keys.Length; i++)
                found[i] = FindBest(contexts, questions.ByKey[keys[i]], keys[i]);
        }
        else
        {
            Parallel.For(0, keys.Length, i => found[i] = FindBest(contexts, questions.ByKey[keys[i]], keys[i]));
        }

        // The first of equals, in the order of the keys.
        var best = new FoundQuestion(0, 0, []);
        foreach (var question in found)
        {
            if (question.Gain > best.Gain)
                best = question;
        }

        return best;
    }

    private static FoundQuestion FindBest(IReadOnlyList<ContextStatistics> contexts, KeyQuestions questions, int key)
    {
        if (contexts.Count <= 1 || contexts.Any(context => context.Event.ValueOf(key) is null))
            return new FoundQuestion(0, key, []);

        ClusterStatistics?[] values = [.. contexts.SplitBy(key).Select(part => part.Sum())];
        var total = contexts[0].Frames.Clone();
        total.Subtract(contexts[0].Frames);
        foreach (var value in values)
        {
            if (value is not null)
                total.Add(value);
        }

        var whole = total.Objective();
        var best = new FoundQuestion(0, key, []);
        foreach (var set in questions.Sets)
        {
            var gain = Divide(values, set, total).Sum(half => half?.Objective() ?? 0) - whole;
            if (gain < -0.01 * (200 + Math.Abs(whole)))
                throw new InputException($"The objective fell from {whole} by {-gain} at a division; are the statistics damaged?");

            if (gain > best.Gain)
                best = new FoundQuestion(gain, key, set);
        }

        return questions.RefineRounds > 0 ? Refine(values, best, questions, contexts[0].Frames) : best;
    }

    // No and yes; the sum of the larger side is what the smaller side leaves of the whole.
    private static ClusterStatistics?[] Divide(ClusterStatistics?[] values, IReadOnlyList<int> yesSet, ClusterStatistics total)
    {
        var sides = SidesOf(values.Length, yesSet);
        var (yes, no) = (0, 0);
        for (var value = 0; value < values.Length; value++)
        {
            if (values[value] is not null)
                (yes, no) = sides[value] == 1 ? (yes + 1, no) : (yes, no + 1);
        }

        var halves = new ClusterStatistics?[2];
        var rest = yes == no ? -1 : yes > no ? 1 : 0;
        if (rest >= 0)
            halves[rest] = total.Clone();

        for (var value = 0; value < values.Length; value++)
        {
            if (values[value] is not { } frames || sides[value] == rest)
                continue;

            if (halves[sides[value]] is { } half)
                half.Add(frames);
            else
                halves[sides[value]] = frames.Clone();

            if (rest >= 0)
                halves[rest]?.Subtract(frames);
        }

        return halves;
    }

    private static FoundQuestion Refine(
        ClusterStatistics?[] values, FoundQuestion question, KeyQuestions questions, ClusterStatistics example)
    {
        var sides = SidesOf(values.Length, question.YesSet);
        var empty = new ClusterStatistics(example.Dimension, example.VarianceFloor);
        ClusterStatistics[] points = [.. values.Select(value => value ?? empty)];
        ClusterStatistics[] halves = [empty.Clone(), empty.Clone()];
        for (var value = 0; value < points.Length; value++)
            halves[sides[value]].Add(points[value]);

        var gain = ClusterRefinement.Refine(points, halves, sides, questions.RefineRounds, questions.RefineCandidates);
        return question with
        {
            Gain = question.Gain + gain,
            YesSet = [.. Enumerable.Range(0, sides.Length).Where(value => sides[value] == 1)],
        };
    }

    private static int[] SidesOf(int count, IReadOnlyList<int> yesSet)
    {
        var sides = new int[count];
        foreach (var value in yesSet)
        {
            if (value < count)
                sides[value] = 1;
        }

        return sides;
    }
}
