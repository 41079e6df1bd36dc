using Mimir.Core.Graph;
using Mimir.Core.Native;

namespace Mimir.Core.Blocks;

/// <summary>What convolution and pooling have in common: the picture, and the rows of its times in a batch.</summary>
internal sealed class PictureRows
{
    private readonly IReadOnlyList<int> _times;
    private TdnnRows? _rows;
    private SequenceLayout? _sequences;

    /// <summary>Checks a picture.</summary>
    /// <exception cref="ArgumentException">The kernel does not fit it.</exception>
    public PictureRows(int inputDim, int height, IReadOnlyList<int> times, int kernel, int stride, int padding)
    {
        if (height < 1 || inputDim % height != 0)
            throw new ArgumentException($"{inputDim} values are not {height} frequencies times some channels");
        if (times.Count == 0 || times.Distinct().Count() != times.Count)
            throw new ArgumentException($"time offsets are needed, each once, got [{string.Join(", ", times)}]");
        if (kernel < 1 || stride < 1 || padding < 0 || padding >= kernel || kernel > height + (2 * padding))
        {
            throw new ArgumentException(
                $"a window of {kernel} frequencies with steps of {stride} and {padding} of padding does not fit {height}");
        }

        _times = times;
        Picture = new()
        {
            Height = height,
            Channels = inputDim / height,
            Time = times.Count,
            Kernel = kernel,
            Stride = stride,
            Padding = padding,
            OutputHeight = OutputHeight(height, kernel, stride, padding),
        };
    }

    /// <summary>Gets the picture as the native layer takes it, without the number of filters.</summary>
    public LibTorch.Picture Picture { get; }

    /// <summary>Gets a value indicating whether it looks at other frames.</summary>
    public bool NeedsSequences => _times is not [0];

    /// <summary>The frequencies of the output: as many whole steps as fit; 0 where none does.</summary>
    public static int OutputHeight(int height, int kernel, int stride, int padding) =>
        stride < 1 ? 0 : Math.Max(0, (height + (2 * padding) - kernel + stride) / stride);

    /// <summary>For each time in turn the row that each frame of the batch sees.</summary>
    public int[] Of(in BlockPass pass)
    {
        if (!NeedsSequences)
            return (_rows?.Count == pass.Rows.Length ? _rows : _rows = TdnnRows.Alone(pass.Rows.Length)).Taken;

        var sequences = pass.NeededSequences;
        if (_rows is null || !ReferenceEquals(sequences, _sequences))
            (_rows, _sequences) = (TdnnRows.Of(sequences, _times, stride: 1), sequences);

        return _rows.Taken;
    }
}
