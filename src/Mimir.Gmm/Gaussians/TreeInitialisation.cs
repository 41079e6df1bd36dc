using System.Globalization;
using Mimir.Base;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Gaussians;

/// <summary>Makes the mixtures of a new tree from the statistics that it was grown from (Kaldi: gmm-init-model).</summary>
public sealed class TreeInitialisation
{
    /// <summary>Count below which a warning tells of a pdf.</summary>
    private const float SmallCount = 100;

    private readonly ContextDependency _tree;
    private readonly float _varianceFloor;
    private readonly Action<string>? _warn;
    private readonly ContextStatistics[][] _leaves;
    private readonly ClusterStatistics?[] _sums;
    private readonly ClusterStatistics _average;

    /// <summary>Divides the statistics among the leaves of the tree.</summary>
    /// <param name="statistics">The statistics.</param>
    /// <param name="tree">The tree.</param>
    /// <param name="varianceFloor">The floor of variances.</param>
    /// <param name="warn">Receives a line for each pdf with few frames or none; null drops them.</param>
    /// <exception cref="InputException">There are no statistics, or the tree has no answer for some of them.</exception>
    public TreeInitialisation(TreeStatistics statistics, ContextDependency tree, float varianceFloor = 0.01f, Action<string>? warn = null)
    {
        (_tree, _varianceFloor, _warn) = (tree, varianceFloor, warn);
        _leaves = new ContextStatistics[tree.PdfCount][];
        Array.Fill(_leaves, []);
        var split = statistics.Contexts.SplitBy(tree.ToPdf);
        for (var pdf = 0; pdf < split.Count; pdf++)
            _leaves[pdf] = [.. split[pdf]];

        _sums = Array.ConvertAll(_leaves, leaf => leaf.Sum());
        _average = statistics.Contexts.Sum() ?? throw new InputException("There are no statistics to initialise a model with.");
    }

    /// <summary>Returns the frames of each pdf.</summary>
    public float[] Occupancies() => [.. _leaves.Select(leaf => leaf.CountFrames())];

    /// <summary>Makes one Gaussian for each pdf; a pdf without frames gets that of all frames.</summary>
    /// <param name="transitions">The model of the tree, for the phones in warnings.</param>
    public AmDiagGmm ToGaussians(TransitionModel transitions)
    {
        for (var pdf = 0; pdf < _sums.Length; pdf++)
        {
            if (_sums[pdf] is null)
                _warn?.Invoke($"Tree has pdf-id {pdf} with no stats; corresponding phone list: {PhonesOf(transitions, pdf)}");
        }

        return new AmDiagGmm([.. _sums.Select((sum, pdf) =>
        {
            var frames = sum ?? _average;
            if ((float)frames.Count < SmallCount)
            {
                var count = frames.Count.ToString("g6", CultureInfo.InvariantCulture);
                _warn?.Invoke($"Very small count for state {pdf}: {count}; corresponding phone list: {PhonesOf(transitions, pdf)}");
            }

            return Gaussian(frames);
        })]);
    }

    /// <summary>Gives each pdf the mixture of the old pdf with which it shares most frames.</summary>
    /// <param name="old">The old mixtures.</param>
    /// <param name="oldTree">The old tree, which sees no more context than the new one.</param>
    /// <exception cref="InputException">The old tree sees more context, lacks an answer, or is not the model's.</exception>
    public AmDiagGmm ToNearest(AmDiagGmm old, ContextDependency oldTree)
    {
        var shift = _tree.CentralPosition - oldTree.CentralPosition;
        if (oldTree.ContextWidth > _tree.ContextWidth)
            throw new InputException("The old tree sees more context than the new one; its mixtures cannot be found by these statistics.");

        return new AmDiagGmm([.. _leaves.Select((leaf, pdf) =>
        {
            var counts = new SortedDictionary<int, float>();
            foreach (var context in leaf)
            {
                var answer = oldTree.ToPdf.AnswerTo(key => context.Event.ValueOf(key < 0 ? key : key + shift)) ?? throw new InputException(
                    $"The old tree has no answer for the statistics of {context.Event}.");
                counts[answer] = counts.GetValueOrDefault(answer) + (float)context.Frames.Count;
            }

            var best = counts.Where(count => count.Value > 0).OrderByDescending(count => count.Value).Select(count => (int?)count.Key)
                .FirstOrDefault();
            if (best >= old.Pdfs.Count)
                throw new InputException($"The old tree has pdf {best}, the old model has {old.Pdfs.Count} pdfs; they belong to others.");
            if (best is null)
                _warn?.Invoke($"Leaf {pdf} of new tree being initialized with globally averaged stats.");

            return best is { } nearest ? old.Pdfs[nearest] : Gaussian(_average);
        })]);
    }

    private static string PhonesOf(TransitionModel transitions, int pdf) => string.Concat(transitions.Tuples
        .Where(tuple => tuple.ForwardPdf == pdf || tuple.SelfLoopPdf == pdf).Select(tuple => tuple.Phone).Distinct().Order()
        .Select(phone => $"{phone} "));

    // In single precision, as Kaldi takes these moments.
    private DiagGmm Gaussian(ClusterStatistics frames)
    {
        var scale = 1 / (float)frames.Count;
        var (scaledMeans, inverses) = (new FloatMatrix(1, frames.Dimension), new FloatMatrix(1, frames.Dimension));
        for (var i = 0; i < frames.Dimension; i++)
        {
            var mean = (float)frames.Sums[i] * scale;
            var variance = ((float)frames.SquareSums[i] * scale) - (mean * mean);
            inverses[0, i] = 1 / Math.Max(variance, _varianceFloor);
            scaledMeans[0, i] = mean * inverses[0, i];
        }

        return new DiagGmm([1], scaledMeans, inverses);
    }
}
