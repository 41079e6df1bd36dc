using Mimir.Core.Losses;

namespace Mimir.Train.Data;

/// <summary>The targets of a batch, gathered from those of a set; its memory serves one batch after another.</summary>
public sealed class TargetBatch
{
    private readonly FrameTargets _targets;
    private readonly int[] _classes;
    private readonly float[] _weights;
    private int _frames;

    /// <summary>Makes room for batches.</summary>
    /// <param name="targets">The targets of the set.</param>
    /// <param name="frames">The most frames of a batch.</param>
    public TargetBatch(FrameTargets targets, int frames)
    {
        _targets = targets;
        _classes = new int[targets.Soft is null ? frames : 0];
        _weights = new float[targets.Weights.IsEmpty ? 0 : frames];
    }

    /// <summary>Gets the class of each frame, <c>[N]</c>; empty where <see cref="Soft"/> says it.</summary>
    public ReadOnlySpan<int> Classes => _classes.AsSpan(0, Math.Min(_frames, _classes.Length));

    /// <summary>Gets the classes of each frame with their shares, or null where each frame has one class and counts once.</summary>
    public SoftTargets? Soft { get; private set; }

    /// <summary>Gets the weight of each frame, <c>[N]</c>; empty when all are 1.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Math.Min(_frames, _weights.Length));

    /// <summary>Takes the targets of some frames.</summary>
    /// <param name="rows">The frames, at most as many as there is room for.</param>
    public void Gather(ReadOnlySpan<int> rows)
    {
        _frames = rows.Length;
        Soft = _targets.Soft?.Gather(rows);
        for (var i = 0; i < rows.Length; i++)
        {
            if (_classes.Length > 0)
                _classes[i] = _targets.Classes[rows[i]];
            if (_weights.Length > 0)
                _weights[i] = _targets.WeightOf(rows[i]);
        }
    }
}
