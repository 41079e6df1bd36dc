using Mimir.Base;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>Finds sets of similar phones in the statistics of a tree (Kaldi: cluster-phones).</summary>
public static class PhoneClustering
{
    // A slow but accurate setting; phones are few.
    private static readonly KMeansOptions QuestionOptions = new(Tries: 10);

    /// <summary>Finds the sets that a tree asks about: phones are divided in two again and again, and each part is a set.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="phoneSets">Sets of phones that are not divided.</param>
    /// <param name="pdfClasses">The classes of distributions that count; the middle one, 1, of usual topologies.</param>
    /// <param name="centralPosition">The key of the phone in the statistics.</param>
    /// <param name="log">Receives warnings.</param>
    /// <returns>The sets, large ones first.</returns>
    /// <exception cref="InputException">There are no statistics, or a phone is in two sets.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> FindQuestions(
        TreeStatistics statistics,
        IReadOnlyList<IReadOnlyList<int>> phoneSets,
        IReadOnlyList<int> pdfClasses,
        int centralPosition,
        TreeLog log)
    {
        var sets = Checked(phoneSets);
        var points = PointsOf(statistics, sets, pdfClasses, centralPosition, log);
        var (assignments, parents) = TopDownClustering.Cluster(points, QuestionOptions, new CLibraryRandom(1));

        // The cluster of all phones is no question.
        var raw = Enumerable.Range(0, parents.Length).Select(_ => new List<int>()).ToArray();
        for (var set = 0; set < sets.Length; set++)
            raw[assignments[set]].AddRange(sets[set]);

        for (var cluster = 0; cluster < parents.Length - 1; cluster++)
        {
            raw[cluster].Sort();
            if (parents[cluster] < parents.Length - 1)
                raw[parents[cluster]].AddRange(raw[cluster]);
        }

        var seen = new HashSet<string>();
        return [.. raw.Reverse().Concat<IReadOnlyList<int>>(sets).Where(set => set.Count > 0 && seen.Add(string.Join(' ', set)))];
    }

    /// <summary>Divides phones into a number of classes.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="phoneSets">Sets of phones that are not divided.</param>
    /// <param name="pdfClasses">The classes of distributions that count.</param>
    /// <param name="centralPosition">The key of the phone in the statistics.</param>
    /// <param name="classes">The number of classes, from 2 to the number of sets.</param>
    /// <param name="log">Receives warnings and the gain.</param>
    /// <returns>The phones of each class, in rising order.</returns>
    /// <exception cref="InputException">There are no statistics, a phone is in two sets, or the number is out of range.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> FindClasses(
        TreeStatistics statistics,
        IReadOnlyList<IReadOnlyList<int>> phoneSets,
        IReadOnlyList<int> pdfClasses,
        int centralPosition,
        int classes,
        TreeLog log)
    {
        var sets = Checked(phoneSets);
        if (classes < 2 || classes > sets.Length)
            throw new InputException($"--num-classes={classes}: expected a number from 2 to {sets.Length}, the number of sets of phones.");

        var points = PointsOf(statistics, sets, pdfClasses, centralPosition, log);
        var result = KMeansClustering.Cluster(points, classes, new KMeansOptions(), new CLibraryRandom(1));
        var frames = points.Sum(point => point.Count);
        var gain = FormattableString.Invariant($"{result.Improvement / frames:g6} over {frames:g6} frames.");
        log.Result($"ClusterKMeans: objf change from clustering [versus single set] is {gain}");
        return [.. Enumerable.Range(0, classes).Select(number => sets.Where((_, set) => result.Assignments[set] == number)
            .SelectMany(set => set).Order().ToArray())];
    }

    private static int[][] Checked(IReadOnlyList<IReadOnlyList<int>> phoneSets)
    {
        int[][] sets = [.. phoneSets.Select(set => set.Order().ToArray())];
        if (sets.Length == 0 || sets.Any(set => set.Length == 0))
            throw new InputException("expected sets of phones, each with a phone at least; there is none, or one is empty.");

        var seen = new HashSet<int>();
        foreach (var phone in sets.SelectMany(set => set))
        {
            if (phone <= 0 || !seen.Add(phone))
                throw new InputException($"phone {phone} is in two sets of phones, twice in one, or not above 0.");
        }

        return sets;
    }

    private static ClusterStatistics[] PointsOf(
        TreeStatistics statistics, int[][] sets, IReadOnlyList<int> pdfClasses, int centralPosition, TreeLog log)
    {
        var kept = statistics.Contexts
            .Where(context => pdfClasses.Contains(context.RequireValueOf(ContextDependency.PdfClassKey))).ToList();
        var classes = string.Concat(pdfClasses.Select(number => number + " "));
        if (kept.Count == 0)
            throw new InputException($"there are no statistics of the classes {classes.TrimEnd()}; see --pdf-class-list.");
        if (kept.Count * 10L < statistics.Contexts.Count)
        {
            log.Warning(
                $"Only {kept.Count} of {statistics.Contexts.Count} statistics are of the pdf-classes {{ {classes}}}; topologies without 3 "
                + "states need --pdf-class-list, for example 0 for those of one state.");
        }

        var empty = new ClusterStatistics(kept[0].Frames.Dimension, kept[0].Frames.VarianceFloor);
        ClusterStatistics?[] byPhone = [.. kept.SplitBy(centralPosition).Select(contexts => contexts.Sum())];
        var listed = sets.SelectMany(set => set).ToHashSet();
        foreach (var phone in Enumerable.Range(0, byPhone.Length).Where(phone => byPhone[phone] is not null && !listed.Contains(phone)))
            log.Warning($"Phone {phone} is present in stats but is not in phone list [make sure you intended this].");

        var points = new ClusterStatistics[sets.Length];
        for (var set = 0; set < sets.Length; set++)
        {
            points[set] = empty.Clone();
            foreach (var phone in sets[set].Where(phone => phone < byPhone.Length))
                points[set].Add(byPhone[phone] ?? empty);

            if (points[set].Count == 0)
                log.Warning($"AutomaticallyObtainQuestions: no stats available for phone set: {string.Join(' ', sets[set])} ");
        }

        if (points.Count(point => point.Count == 0) + 1 >= points.Length)
            log.Warning($"All or all but one of your classes of phones had no data in the pdf-classes ( {classes}); see --pdf-class-list.");

        return points;
    }
}
