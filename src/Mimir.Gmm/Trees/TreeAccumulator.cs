using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>Which states in contexts are told apart in a tree's statistics (Kaldi: the options of acc-tree-stats).</summary>
public sealed record TreeContext
{
    /// <summary>The number of phones in the window: 3 for triphones.</summary>
    public int Width { get; init; } = 3;

    /// <summary>The place of the phone itself in the window, from 0.</summary>
    public int CentralPosition { get; init; } = 1;

    /// <summary>The phones whose neighbours do not count, such as silence.</summary>
    public IReadOnlySet<int> IndependentPhones { get; init; } = new HashSet<int>();

    /// <summary>The smallest variance in the objective.</summary>
    public double VarianceFloor { get; init; } = 0.01;

    /// <summary>Another number for each phone; null keeps them.</summary>
    public IReadOnlyDictionary<int, int>? PhoneMap { get; init; }
}

/// <summary>Collects the statistics of a tree from features and their alignments (Kaldi: acc-tree-stats).</summary>
public sealed class TreeAccumulator
{
    private readonly TransitionModel _model;
    private readonly TreeContext _context;
    private readonly SortedDictionary<TreeEvent, ClusterStatistics> _statistics = new(TreeEvent.Order);

    // A context is met many times; the sorted dictionary is for the order of the result.
    private readonly Dictionary<TreeEvent, ClusterStatistics> _lookup = [];
    private int? _dimension;

    /// <summary>Creates an accumulator.</summary>
    /// <param name="model">The model of the alignments.</param>
    /// <param name="context">Which states in contexts are told apart.</param>
    /// <exception cref="InputException">The central position is outside the window.</exception>
    public TreeAccumulator(TransitionModel model, TreeContext context)
    {
        if (context.CentralPosition < 0 || context.Width <= context.CentralPosition)
        {
            throw new InputException(
                $"--central-position={context.CentralPosition}, --context-width={context.Width}: expected the position within the window.");
        }

        _model = model;
        _context = context;
    }

    /// <summary>Adds an utterance.</summary>
    /// <param name="features">Its features, <c>[T, D]</c>.</param>
    /// <param name="alignment">Its transition-ids, <c>[T]</c>.</param>
    /// <returns>False where the alignment ends within a phone, or has a phone without its first state; nothing is added then.</returns>
    /// <exception cref="InputException">The dimension is not that of the utterances before, or a phone is not in the map.</exception>
    /// <exception cref="ArgumentException">There are more or fewer transition-ids than frames.</exception>
    public bool Add(FloatMatrix features, ReadOnlySpan<int> alignment)
    {
        if (features.Rows != alignment.Length)
            throw new ArgumentException($"{features.Rows} frames have {alignment.Length} transition-ids.", nameof(alignment));
        if (features.Columns != (_dimension ??= features.Columns))
            throw new InputException($"expected features of {_dimension} values, as those before, got {features.Columns}.");

        var segments = PhoneSegment.Split(alignment, _model);
        if (!PhoneSegment.AreWhole(segments, alignment, _model))
            return false;

        int[] phones = [.. segments.Select(segment => Map(segment.Phone))];
        for (var (index, frame) = (0, 0); index < segments.Count; index++)
        {
            (int Key, int Value)[] window = [.. WindowOf(phones, index)];
            for (var end = frame + segments[index].Frames; frame < end; frame++)
                StatisticsOf(window, PdfClassOf(alignment[frame])).AddFrame(features.Row(frame));
        }

        return true;
    }

    /// <summary>Makes the statistics of all utterances so far.</summary>
    public TreeStatistics ToStatistics() =>
        new([.. _statistics.Select(pair => new ContextStatistics(pair.Key, pair.Value))]);

    private int Map(int phone) => _context.PhoneMap is not { } map ? phone
        : map.TryGetValue(phone, out var mapped) ? mapped
        : throw new InputException($"phone {phone} is not in the map of phones (--phone-map).");

    // The neighbours of a phone without context are left out, so that no question about them can be asked.
    private IEnumerable<(int Key, int Value)> WindowOf(int[] phones, int central)
    {
        var dependent = !_context.IndependentPhones.Contains(phones[central]);
        for (var place = 0; place < _context.Width; place++)
        {
            var index = central - _context.CentralPosition + place;
            if (dependent || place == _context.CentralPosition)
                yield return (place, index >= 0 && index < phones.Length ? phones[index] : 0);
        }
    }

    private ClusterStatistics StatisticsOf((int Key, int Value)[] window, int pdfClass)
    {
        var key = new TreeEvent([(ContextDependency.PdfClassKey, pdfClass), .. window]);
        if (!_lookup.TryGetValue(key, out var statistics))
        {
            statistics = new ClusterStatistics(_dimension ?? 0, _context.VarianceFloor);
            _lookup.Add(key, statistics);
            _statistics.Add(key, statistics);
        }

        return statistics;
    }

    private int PdfClassOf(int transitionId)
    {
        var state = _model.Topology.EntryOf(_model.PhoneOf(transitionId)).States[_model.HmmStateOf(transitionId)];
        return _model.IsSelfLoop(transitionId) ? state.SelfLoopPdfClass : state.ForwardPdfClass;
    }
}
