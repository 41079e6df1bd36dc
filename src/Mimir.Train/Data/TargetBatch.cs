using Mimir.Core.Losses;

namespace Mimir.Train.Data;

/// <summary>The targets of a batch, gathered from those of a set; its memory serves one batch after another.</summary>
public sealed class TargetBatch
{
    private readonly FrameTargets _targets;
    private int[] _classes = [];
    private float[] _weights = [];
    private int _frames;

    /// <summary>Prepares batches.</summary>
    /// <param name="targets">The targets of the set.</param>
    public TargetBatch(FrameTargets targets) => _targets = targets;

    /// <summary>Gets the number of frames that count: those of weight above 0.</summary>
    public int Counted { get; private set; }

    /// <summary>Gets the class of each frame, <c>[N]</c>; empty where <see cref="Soft"/> says it.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(0, Math.Min(_frames, _classes.Length));

    /// <summary>Gets the classes of each frame with their shares, or null where each frame has one class and counts once.</summary>
    public SoftTargets? Soft { get; private set; }

    /// <summary>Gets the weight of each frame, <c>[N]</c>; empty when all are 1.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Math.Min(_frames, _weights.Length));

    /// <summary>Takes the targets of some frames.</summary>
    /// <param name="rows">The frames.</param>
    public void Gather(ReadOnlySpan<int> rows)
    {
        Counted = _frames = rows.Length;
        Soft = _targets.Soft?.Gather(rows);
        if (Soft is null)
            _classes = Gather(rows, _targets.Classes, _classes);
        if (_targets.Weights.IsEmpty)
            return;

        _weights = Gather(rows, _targets.Weights, _weights);
        Counted -= Weights.Count(0f);
    }

    private static T[] Gather<T>(ReadOnlySpan<int> rows, ReadOnlySpan<T> from, T[] to)
    {
        if (to.Length < rows.Length)
            to = new T[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            to[i] = from[rows[i]];

        return to;
    }
}
