using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Losses;

/// <summary>
/// Sparse targets with weights: frame n has the entries <c>Offsets[n]</c> to <c>Offsets[n + 1]</c> of classes and weights.
/// </summary>
public sealed class SoftTargets
{
    private readonly int[] _offsets;
    private readonly int[] _classes;
    private readonly float[] _weights;

    /// <summary>Wraps arrays without copying them.</summary>
    /// <param name="offsets">N + 1 offsets, from 0, ascending, the last one the number of entries.</param>
    /// <param name="classes">The class of each entry, from 0, ascending within a frame.</param>
    /// <param name="weights">The weight of each entry, finite; the weights of a frame usually add up to 1.</param>
    /// <exception cref="ArgumentException">The arrays do not fit together.</exception>
    public SoftTargets(int[] offsets, int[] classes, float[] weights)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != classes.Length || classes.Length != weights.Length)
        {
            throw new ArgumentException(
                $"Targets need offsets from 0 to the number of entries, got {classes.Length} classes and {weights.Length} weights.");
        }

        for (var frame = 0; frame + 1 < offsets.Length; frame++)
        {
            if (offsets[frame + 1] < offsets[frame] || offsets[frame + 1] > classes.Length)
                throw new ArgumentException($"The offsets fall at frame {frame}, or leave the entries.", nameof(offsets));

            for (var entry = offsets[frame]; entry < offsets[frame + 1]; entry++)
            {
                if (classes[entry] < 0 || (entry > offsets[frame] && classes[entry] <= classes[entry - 1]))
                    throw new ArgumentException($"The classes of frame {frame} do not ascend from 0.", nameof(classes));
                if (!float.IsFinite(weights[entry]))
                    throw new ArgumentException($"A weight of frame {frame} is not finite.", nameof(weights));
            }
        }

        (_offsets, _classes, _weights) = (offsets, classes, weights);
    }

    /// <summary>Gets the number of frames.</summary>
    public int Frames => _offsets.Length - 1;

    /// <summary>Gets the first entry of each frame, and at the end the number of entries.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Gets the class of each entry.</summary>
    public ReadOnlySpan<int> Classes => _classes;

    /// <summary>Gets the weight of each entry.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>One class a frame, with weight 1.</summary>
    /// <param name="classes">The class of each frame.</param>
    public static SoftTargets FromClasses(ReadOnlySpan<int> classes)
    {
        var offsets = new int[classes.Length + 1];
        for (var i = 0; i < offsets.Length; i++)
            offsets[i] = i;

        var weights = new float[classes.Length];
        Array.Fill(weights, 1);
        return new(offsets, classes.ToArray(), weights);
    }

    /// <summary>The targets of some frames: a batch.</summary>
    /// <param name="rows">The frames, in the order of the batch; one may come more than once.</param>
    public SoftTargets Gather(ReadOnlySpan<int> rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
            offsets[i + 1] = offsets[i] + _offsets[rows[i] + 1] - _offsets[rows[i]];

        var classes = new int[offsets[^1]];
        var weights = new float[offsets[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            var (from, count) = (_offsets[rows[i]], offsets[i + 1] - offsets[i]);
            Classes.Slice(from, count).CopyTo(classes.AsSpan(offsets[i]));
            Weights.Slice(from, count).CopyTo(weights.AsSpan(offsets[i]));
        }

        return new(offsets, classes, weights);
    }

    /// <summary>The targets of neighbouring frames.</summary>
    /// <param name="first">The first frame.</param>
    /// <param name="count">The number of frames.</param>
    public SoftTargets Slice(int first, int count)
    {
        var (from, to) = (_offsets[first], _offsets[first + count]);
        return new(
            Array.ConvertAll(_offsets[first..(first + count + 1)], offset => offset - from), _classes[from..to], _weights[from..to]);
    }

    /// <summary>The entries of some classes, counted from the first of them: the part of one task of several.</summary>
    /// <param name="first">The first class.</param>
    /// <param name="count">The number of classes.</param>
    public SoftTargets OfClasses(int first, int count)
    {
        var builder = new SoftTargetsBuilder();
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var entry = _offsets[frame]; entry < _offsets[frame + 1]; entry++)
            {
                if (_classes[entry] >= first && _classes[entry] < first + count)
                    builder.Add(_classes[entry] - first, _weights[entry]);
            }

            builder.EndFrame();
        }

        return builder.Build();
    }

    /// <summary>Checks that targets and weights fit a batch.</summary>
    /// <param name="output">The output of the network, a row a frame.</param>
    /// <param name="frameWeights">The weight of each frame; empty when all are 1.</param>
    /// <exception cref="ArgumentException">Targets or weights are not one a frame.</exception>
    internal void CheckBatch(Tensor output, ReadOnlySpan<float> frameWeights)
    {
        if (Frames != output.Rows)
            throw new ArgumentException($"{output.Rows} frames need as many targets, got {Frames}.");
        CheckWeights(output, frameWeights);
    }

    /// <summary>Checks the weights of frames.</summary>
    /// <exception cref="ArgumentException">They are not one a frame, nor none.</exception>
    internal static void CheckWeights(Tensor output, ReadOnlySpan<float> frameWeights)
    {
        if (frameWeights.Length != 0 && frameWeights.Length != output.Rows)
            throw new ArgumentException($"{output.Rows} frames need as many weights or none, got {frameWeights.Length}.");
    }

    /// <summary>Checks that a target is a class.</summary>
    /// <exception cref="KernelException">It is not.</exception>
    internal static void CheckClass(int target, int frame, int classes)
    {
        if (target < 0 || target >= classes)
            throw new KernelException(nameof(SoftTargets), $"target {target} of frame {frame} is not one of {classes} classes");
    }

    /// <summary>The targets as a matrix <c>[N, classes]</c>, of the type and on the device of the outputs.</summary>
    /// <exception cref="KernelException">A target is not one of the classes.</exception>
    internal Tensor ToDense(Tensor output, int classes)
    {
        var values = new float[(long)Frames * classes];
        for (var frame = 0; frame < Frames; frame++)
        {
            for (var entry = _offsets[frame]; entry < _offsets[frame + 1]; entry++)
            {
                CheckClass(_classes[entry], frame, classes);
                values[((long)frame * classes) + _classes[entry]] += _weights[entry];
            }
        }

        return Tensor.From(Device.Of(output), values, [Frames, classes], output.dtype);
    }

    /// <summary>The weights of frames as a matrix <c>[N, 1]</c>, of the type and on the device of the outputs.</summary>
    internal static Tensor WeightsOf(Tensor output, ReadOnlySpan<float> frameWeights) => frameWeights.IsEmpty
        ? torch.ones(output.Rows, 1, dtype: output.dtype, device: output.device)
        : Tensor.From(Device.Of(output), frameWeights, [frameWeights.Length, 1], output.dtype);

    /// <summary>Weights for native code: an empty part of an array has an address, but null means none.</summary>
    internal static ReadOnlySpan<float> NullIfEmpty(ReadOnlySpan<float> weights) => weights.IsEmpty ? [] : weights;
}

/// <summary>Builds targets frame by frame; entries of a frame may come in any order, and equal classes add up.</summary>
public sealed class SoftTargetsBuilder
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _classes = [];
    private readonly List<float> _weights = [];

    /// <summary>Adds an entry to the current frame.</summary>
    /// <param name="target">The class of the entry, from 0.</param>
    /// <param name="weight">The weight of the entry.</param>
    public void Add(int target, float weight)
    {
        var at = _classes.Count;
        while (at > _offsets[^1] && _classes[at - 1] >= target)
            at--;

        if (at < _classes.Count && _classes[at] == target)
        {
            _weights[at] += weight;
            return;
        }

        _classes.Insert(at, target);
        _weights.Insert(at, weight);
    }

    /// <summary>Ends the current frame and begins the next.</summary>
    public void EndFrame() => _offsets.Add(_classes.Count);

    /// <summary>Adds a whole frame.</summary>
    /// <param name="classes">The classes of its entries.</param>
    /// <param name="weights">The weights of its entries.</param>
    public void AddFrame(ReadOnlySpan<int> classes, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < classes.Length; i++)
            Add(classes[i], weights[i]);

        EndFrame();
    }

    /// <summary>Creates the targets of all frames so far.</summary>
    /// <exception cref="ArgumentException">A class is negative or a weight is not finite.</exception>
    public SoftTargets Build() => new([.. _offsets], [.. _classes], [.. _weights]);
}
