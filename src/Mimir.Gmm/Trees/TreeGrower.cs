using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>A tree that was grown, and the model of its states.</summary>
/// <param name="Tree">The tree.</param>
/// <param name="Model">The model, with the transition probabilities of the topology.</param>
/// <param name="Statistics">The statistics that the tree was grown from.</param>
public sealed record GrownTree(ContextDependency Tree, TransitionModel Model, TreeStatistics Statistics);

/// <summary>
/// Grows a phonetic decision tree from features and any alignment, without Gaussians in between: statistics, questions from the data,
/// tree, model (Kaldi: acc-tree-stats, cluster-phones, compile-questions and build-tree, as <c>steps/train_deltas.sh</c> calls them).
/// </summary>
/// <remarks>
/// <see cref="Add"/> the utterances, <see cref="Grow"/>, and convert the alignments with <see cref="ConverterTo"/>. The features should
/// be those of a Gaussian system: some tens of values that are not much correlated, such as MFCC with deltas.
/// </remarks>
public sealed class TreeGrower
{
    private readonly TransitionModel _model;
    private readonly TreePhones _phones;
    private readonly TreeContext _context;
    private readonly TreeAccumulator _accumulator;

    /// <summary>Creates a grower.</summary>
    /// <param name="model">The model of the alignments, of monophones or of another tree.</param>
    /// <param name="phones">The sets, roots and questions.</param>
    /// <param name="contextWidth">The number of phones in the window.</param>
    /// <param name="centralPosition">The place of the phone itself, from 0.</param>
    /// <exception cref="InputException">The position is outside the window.</exception>
    public TreeGrower(TransitionModel model, TreePhones phones, int contextWidth = 3, int centralPosition = 1)
    {
        _model = model;
        _phones = phones;
        _context = new TreeContext { Width = contextWidth, CentralPosition = centralPosition, IndependentPhones = phones.Independent };
        _accumulator = new TreeAccumulator(model, _context);
    }

    /// <summary>Gets the number of utterances that were added.</summary>
    public int Utterances { get; private set; }

    /// <summary>Adds an utterance.</summary>
    /// <param name="features">Its features, <c>[T, D]</c>.</param>
    /// <param name="alignment">Its transition-ids, <c>[T]</c>.</param>
    /// <returns>False where the alignment ends within a phone; nothing is added then.</returns>
    /// <exception cref="InputException">The dimension is not that of the utterances before.</exception>
    /// <exception cref="ArgumentException">There are more or fewer transition-ids than frames.</exception>
    public bool Add(FloatMatrix features, ReadOnlySpan<int> alignment)
    {
        if (!_accumulator.Add(features, alignment))
            return false;

        Utterances++;
        return true;
    }

    /// <summary>Grows the tree.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="log">Receives results; null drops them.</param>
    /// <exception cref="InputException">No utterance was added, or a phone has no root.</exception>
    public GrownTree Grow(TreeSize size, TreeLog? log = null)
    {
        if (Utterances == 0)
            throw new InputException("no utterance has features and a whole alignment, so no tree can be grown.");

        log ??= TreeLog.None;
        var topology = _model.Topology;
        var statistics = _accumulator.ToStatistics();

        // The middle state is the least like the neighbours; where phones have one state, that one.
        var middle = (topology.Phones.Max(topology.PdfClassCountOf) - 1) / 2;
        var found = PhoneClustering.FindQuestions(statistics, _phones.Sets, [middle], _context.CentralPosition, log);
        var questions = TreeQuestions.Compile(topology, [.. found, .. _phones.ExtraQuestions], _context.Width, refineRounds: 0, log);
        var builder = new TreeBuilder(questions, _phones.Roots, topology.PdfClassCountOf, _context.CentralPosition, log);
        var map = builder.Build(statistics, size);
        var tree = new ContextDependency(_context.Width, _context.CentralPosition, map);
        return new GrownTree(tree, TransitionModel.FromTree(tree, topology), statistics);
    }

    /// <summary>Makes a converter of the alignments that were added, and of others of their model, to a tree that was grown.</summary>
    public AlignmentConverter ConverterTo(GrownTree grown) => new(_model, grown.Model, grown.Tree);
}
