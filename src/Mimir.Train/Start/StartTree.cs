using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Start;

/// <summary>The trees and transition models of a start.</summary>
internal static class StartTree
{
    private const int FramesOfLeaf = 700;
    private const int LeastLeaves = 48;

    /// <summary>The tree of monophones, and its model.</summary>
    /// <param name="language">The language directory, which has topology and sets of phones.</param>
    public static (ContextDependency Tree, TransitionModel Model) Monophone(string language)
    {
        var topology = HmmTopology.Read(Path.Combine(language, "topo"));
        var sets = PhoneSets.Read(Path.Combine(language, "phones", "sets.int"));
        var tree = ContextDependency.Monophone(sets, topology.PdfClassCountOf);
        return (tree, TransitionModel.FromTree(tree, topology));
    }

    /// <summary>Grows a tree of triphones from features and a round's alignments.</summary>
    /// <param name="job">The start.</param>
    /// <param name="round">The round.</param>
    /// <param name="features">The features of the training set.</param>
    /// <returns>The tree and its model, and the converter of the round's alignments.</returns>
    /// <exception cref="InputException">No utterance has features and a whole alignment.</exception>
    public static (GrownTree Grown, AlignmentConverter Converter) Grow(
        StartJob job, StartRound round, IReadOnlyList<(string Id, FloatMatrix Features)> features)
    {
        var alignments = round.Alignments(job.Sets[0].Name);
        var grower = new TreeGrower(round.Model(), TreePhones.Read(job.Folder.Language));
        var frames = 0L;
        foreach (var (id, matrix) in features)
        {
            if (alignments.GetValueOrDefault(id) is { } alignment && alignment.Length == matrix.Rows && grower.Add(matrix, alignment))
                frames += alignment.Length;
        }

        var grown = grower.Grow(new() { MaxLeaves = LeavesOf(job, frames) });
        return (grown, grower.ConverterTo(grown));
    }

    /// <summary>Alignments of a tree that was grown; those that cannot be converted are left out.</summary>
    public static Dictionary<string, int[]> Converted(Dictionary<string, int[]> alignments, AlignmentConverter converter) => alignments
        .Select(entry => (entry.Key, Transitions: converter.Convert(entry.Value)))
        .Where(entry => entry.Transitions is not null)
        .ToDictionary(entry => entry.Key, entry => entry.Transitions!, StringComparer.Ordinal);

    /// <summary>The most leaves of a tree.</summary>
    /// <param name="job">The start.</param>
    /// <param name="frames">The frames of the training set.</param>
    public static int LeavesOf(StartJob job, long frames) =>
        job.Start.Leaves > 0 ? job.Start.Leaves : (int)Math.Max(LeastLeaves, frames / FramesOfLeaf);

    /// <summary>A model with the transition probabilities of alignments.</summary>
    public static TransitionModel Reestimated(TransitionModel model, IReadOnlyDictionary<string, int[]> alignments)
    {
        var counts = new double[model.TransitionCount + 1];
        foreach (var id in alignments.Values.SelectMany(transitions => transitions))
            counts[id]++;

        return TransitionEstimator.Update(model, counts, new()).Model;
    }
}
