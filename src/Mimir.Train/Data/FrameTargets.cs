using Mimir.Core.Losses;

namespace Mimir.Train.Data;

/// <summary>
/// The targets of the frames of a set: one class each, or several with a share each; and the weight of each frame.
/// </summary>
public sealed class FrameTargets
{
    private readonly int[] _classes;
    private readonly float[] _weights;

    private readonly ClassFile? _file;

    private FrameTargets(int[] classes, SoftTargets? soft, float[] weights, ClassFile? file = null)
    {
        (_classes, Soft, _weights, _file) = (classes, soft, weights, file);
        Frames = file?.Frames ?? soft?.Frames ?? classes.Length;
        if (weights.Length != 0 && weights.Length != Frames)
            throw new ArgumentException($"{Frames} frames need as many weights or none, got {weights.Length}.", nameof(weights));
        if (Array.Exists(weights, weight => !float.IsFinite(weight) || weight < 0))
            throw new ArgumentException("A weight is a finite number from 0.", nameof(weights));

        Mass = soft is null ? Frames : Enumerable.Range(0, Frames).Sum(MassOf);
    }

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets the classes of each frame with their shares, or null where each frame has one class and counts once.</summary>
    public SoftTargets? Soft { get; }

    /// <summary>Gets the weight of each frame, <c>[N]</c>; empty when all are 1.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>Gets the sum of the weighted frames of an epoch, as losses count them.</summary>
    public double Mass { get; }

    /// <summary>Makes targets of one class a frame.</summary>
    /// <param name="classes">The class of each frame, <c>[N]</c>.</param>
    /// <param name="weights">The weight of each frame, <c>[N]</c>, or none when all are 1.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or there is not one for each frame.</exception>
    public static FrameTargets FromClasses(int[] classes, float[]? weights = null) =>
        weights is null ? new(classes, null, []) : new([], SoftTargets.FromClasses(classes), weights);

    /// <summary>Makes soft targets.</summary>
    /// <param name="targets">The classes of each frame with their shares; those of a frame usually add up to 1.</param>
    /// <param name="weights">The weight of each frame, <c>[N]</c>, or null when all are 1.</param>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or there is not one for each frame.</exception>
    public static FrameTargets FromShares(SoftTargets targets, float[]? weights = null) => new([], targets, weights ?? []);

    /// <summary>Makes targets of one class a frame that stay in a file.</summary>
    /// <param name="classes">The classes.</param>
    internal static FrameTargets FromFile(ClassFile classes) => new([], null, [], classes);

    /// <summary>Copies the classes of some frames.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="classes">Receives the class of each.</param>
    internal void CopyClasses(ReadOnlySpan<int> frames, Span<int> classes)
    {
        for (var i = 0; i < frames.Length; i++)
            classes[i] = _file?.ClassOf(frames[i]) ?? _classes[frames[i]];
    }

    /// <summary>The weighted frames of each class.</summary>
    /// <param name="classes">The number of classes.</param>
    public double[] CountClasses(int classes)
    {
        if (_file is not null)
            return Array.ConvertAll(_file.Counts, count => (double)count);

        var counts = new double[classes];
        foreach (var target in _classes)
            counts[target]++;

        for (var frame = 0; Soft is not null && frame < Frames; frame++)
        {
            for (var entry = Soft.Offsets[frame]; entry < Soft.Offsets[frame + 1]; entry++)
                counts[Soft.Classes[entry]] += (double)WeightOf(frame) * Soft.Weights[entry];
        }

        return counts;
    }

    /// <summary>The sum of some frames, as losses count them; one may come more than once.</summary>
    internal double MassOf(ReadOnlySpan<int> frames)
    {
        if (Soft is null)
            return frames.Length;

        var mass = 0.0;
        foreach (var frame in frames)
            mass += MassOf(frame);

        return mass;
    }

    /// <summary>The weight of a frame.</summary>
    internal float WeightOf(int frame) => _weights.Length == 0 ? 1 : _weights[frame];

    // A frame counts by its weight times the square of its shares' sum: nnet1 weighs it by the sum, and then adds the shares.
    private double MassOf(int frame)
    {
        var sum = 0.0;
        for (var entry = Soft?.Offsets[frame]; entry < Soft?.Offsets[frame + 1]; entry++)
            sum += Soft.Weights[entry.Value];

        return WeightOf(frame) * sum * sum;
    }
}
