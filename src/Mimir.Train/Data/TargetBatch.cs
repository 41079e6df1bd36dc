using Mimir.Core.Losses;

namespace Mimir.Train.Data;

/// <summary>The targets of a batch, gathered from those of a set; its memory serves one batch after another.</summary>
public sealed class TargetBatch
{
    private readonly FrameTargets _targets;
    private int[] _classes = [];
    private int[] _rows = [];
    private float[] _weights = [];
    private int _frames;
    private bool _hasWeights;

    /// <summary>Prepares batches.</summary>
    /// <param name="targets">The targets of the set.</param>
    public TargetBatch(FrameTargets targets) => _targets = targets;

    /// <summary>
    /// Gets or sets for each row of the frame table the frame of the set that has its target; null where they are the same.
    /// </summary>
    public int[]? Sources { get; set; }

    /// <summary>Gets for each row of the batch the frame of the set that has its target, <c>[N]</c>.</summary>
    public ReadOnlySpan<int> SetFrames => _rows.AsSpan(0, _frames);

    /// <summary>Gets the number of frames that count: those of weight above 0.</summary>
    public int Counted { get; private set; }

    /// <summary>Gets the class of each frame, <c>[N]</c>; empty where <see cref="Soft"/> says it.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(0, Math.Min(_frames, _classes.Length));

    /// <summary>Gets the classes of each frame with their shares, or null where each frame has one class and counts once.</summary>
    public SoftTargets? Soft { get; private set; }

    /// <summary>Gets the weight of each frame, <c>[N]</c>; empty when all are 1.</summary>
    public ReadOnlySpan<float> Weights => _hasWeights ? _weights.AsSpan(0, _frames) : [];

    /// <summary>Gathers the targets of some frames.</summary>
    /// <param name="rows">The rows of the frame table.</param>
    /// <param name="context">True for each frame that counts nowhere; empty when all count by their weight.</param>
    public void Gather(ReadOnlySpan<int> rows, ReadOnlySpan<bool> context = default)
    {
        _frames = rows.Length;
        rows = SourcesOf(rows);
        Soft = _targets.Soft?.Gather(rows);
        if (Soft is null)
        {
            if (_classes.Length < rows.Length)
                _classes = new int[rows.Length];
            _targets.CopyClasses(rows, _classes);
        }

        GatherWeights(rows, context);
        Counted = _hasWeights ? _frames - Weights.Count(0f) : _frames;
    }

    private ReadOnlySpan<int> SourcesOf(ReadOnlySpan<int> rows)
    {
        if (_rows.Length < rows.Length)
            _rows = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            _rows[i] = Sources is { } sources ? sources[rows[i]] : rows[i];

        return SetFrames;
    }

    private void GatherWeights(ReadOnlySpan<int> rows, ReadOnlySpan<bool> context)
    {
        _hasWeights = !_targets.Weights.IsEmpty || !context.IsEmpty;
        if (!_hasWeights)
            return;

        if (_weights.Length < rows.Length)
            _weights = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            _weights[i] = !context.IsEmpty && context[i] ? 0 : _targets.WeightOf(rows[i]);
    }
}
