using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Batches;

/// <summary>The frames of many utterances, resident on a device, from which batches are gathered by row.</summary>
public sealed class FrameTable : IDisposable
{
    /// <summary>Copies features to the device.</summary>
    /// <param name="device">The device of the table.</param>
    /// <param name="features"><c>[Frames, dim]</c>, utterance after utterance.</param>
    /// <param name="dim">The number of values of a frame.</param>
    /// <param name="utteranceLengths">The frames of each utterance, in order; splicing stays inside an utterance.</param>
    /// <param name="type">The type of the elements on the device.</param>
    /// <exception cref="ArgumentException">The lengths do not add up to the features.</exception>
    public FrameTable(
        Device device, ReadOnlySpan<float> features, int dim, ReadOnlySpan<int> utteranceLengths,
        ScalarType type = ScalarType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dim, 1);
        long frames = 0;
        foreach (var length in utteranceLengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(utteranceLengths));
            frames += length;
        }

        if (frames * dim != features.Length)
        {
            throw new ArgumentException(
                $"Utterances of {frames} frames of {dim} values need {frames * dim} features, got {features.Length}.", nameof(features));
        }

        // The first and the last row of the utterance of each frame, where splicing stops.
        var first = new int[frames];
        var last = new int[frames];
        var start = 0;
        foreach (var length in utteranceLengths)
        {
            Array.Fill(first, start, start, length);
            Array.Fill(last, start + length - 1, start, length);
            start += length;
        }

        Frames = (int)frames;
        Dim = dim;
        Values = Tensor.From(device, features, [frames, dim], type);
        First = torch.tensor(first, device: device.ToTorch());
        Last = torch.tensor(last, device: device.ToTorch());
    }

    /// <summary>Makes a table without utterances, for frames that come and go: see <see cref="Write"/>.</summary>
    /// <param name="device">The device of the table.</param>
    /// <param name="frames">The number of frames that it has room for.</param>
    /// <param name="dim">The number of values of a frame.</param>
    public FrameTable(Device device, int frames, int dim)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dim, 1);
        (Frames, Dim) = (frames, dim);
        Values = Tensor.Zeros(device, [frames, dim]);
        First = torch.zeros(frames, ScalarType.Int32, device.ToTorch());
        Last = torch.zeros(frames, ScalarType.Int32, device.ToTorch());
    }

    /// <summary>Gets the number of frames.</summary>
    public int Frames { get; }

    /// <summary>Gets the number of values of a frame.</summary>
    public int Dim { get; }

    /// <summary>Gets the device of the table.</summary>
    internal Device Device => Device.Of(Values);

    /// <summary>Gets the frames, <c>[Frames, Dim]</c>.</summary>
    internal Tensor Values { get; }

    /// <summary>Gets for each frame the first row of its utterance, <c>[Frames]</c>.</summary>
    internal Tensor First { get; }

    /// <summary>Gets for each frame the last row of its utterance, <c>[Frames]</c>.</summary>
    internal Tensor Last { get; }

    /// <summary>Writes an utterance over what was in its place. What else overlaps that place is no longer whole.</summary>
    /// <param name="first">The first row of the utterance.</param>
    /// <param name="features"><c>[T, Dim]</c>: its frames.</param>
    /// <exception cref="ArgumentException">It is not of whole frames, or exceeds the table.</exception>
    public void Write(int first, ReadOnlySpan<float> features)
    {
        var frames = features.Length / Dim;
        if (first < 0 || frames * Dim != features.Length || frames > Frames - first)
            throw new ArgumentException($"{features.Length} values do not fit from row {first} of a table of {Frames} x {Dim}.");

        using var scope = torch.NewDisposeScope();
        Values.narrow(0, first, frames).copy_(Tensor.From(Device.Cpu, features, [frames, Dim], Values.dtype));
        First.narrow(0, first, frames).fill_(Scalars.Of((long)first));
        Last.narrow(0, first, frames).fill_(Scalars.Of((long)first + frames - 1));
    }

    /// <summary>Checks that rows are in the table.</summary>
    /// <exception cref="KernelException">One is not.</exception>
    internal void CheckRows(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            if (row < 0 || row >= Frames)
                throw new KernelException(nameof(FrameTable), $"row {row} is not in a matrix of {Frames} rows");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        First.Dispose();
        Last.Dispose();
    }
}
