namespace Mimir.Features.Pitch;

/// <summary>The backpointers of all frames and the best path so far, back from the last frame.</summary>
/// <param name="lags">S, the number of candidate lags.</param>
/// <param name="room">The length of the backpointers of a frame, S or more.</param>
internal sealed class LagPath(int lags, int room)
{
    private const int Unknown = -1;

    private readonly FrameStore<ushort> _back = new(room);
    private readonly FrameStore<int> _best = new(1);

    /// <summary>Gets the number of frames.</summary>
    public int Count => _back.Count;

    /// <summary>Removes all frames.</summary>
    public void Clear()
    {
        _back.Clear();
        _best.Clear();
    }

    /// <summary>Adds a frame, or resets one.</summary>
    /// <param name="frame">From 0 to <see cref="Count"/>.</param>
    /// <returns>The buffer of its backpointers: for each lag, the lag of the frame before.</returns>
    public Span<ushort> Backpointers(int frame)
    {
        if (frame == Count)
        {
            _back.Add();
            _best.Add();
        }

        _best.Row(frame)[0] = Unknown;
        return _back.Row(frame);
    }

    /// <summary>The lag chosen for a frame.</summary>
    public int Best(int frame) => _best.Row(frame)[0];

    /// <summary>Traces the path that ends in a lag, back to where it joins the previous path.</summary>
    public void Choose(int lag)
    {
        for (var frame = Count - 1; frame >= 0 && Best(frame) != lag; frame--)
        {
            _best.Row(frame)[0] = lag;
            lag = _back.Row(frame)[lag];
        }
    }

    /// <summary>The number of frames at the end in which the paths into all lags have not yet joined.</summary>
    /// <param name="most">The largest number of frames.</param>
    public int Latency(int most)
    {
        var (low, high) = (0, lags - 1);
        for (var latency = 0; latency < most; latency++)
        {
            var frame = Count - 1 - latency;
            if (frame < 0)
                return latency;

            (low, high) = (_back.Row(frame)[low], _back.Row(frame)[high]);
            if (low == high)
                return latency;
        }

        return Math.Max(most, 0);
    }
}

/// <summary>Rows of one width, one a frame, in one array that grows and is reused.</summary>
/// <param name="width">The number of values in a row.</param>
internal sealed class FrameStore<T>(int width)
    where T : unmanaged
{
    private T[] _values = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Removes all rows; the memory stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a row with undefined values.</summary>
    public Span<T> Add()
    {
        if ((long)(Count + 1) * width > _values.Length)
            Array.Resize(ref _values, checked((int)Math.Min(Array.MaxLength, Math.Max(16L, 2L * (Count + 1)) * width)));

        Count++;
        return Row(Count - 1);
    }

    /// <summary>One row, as a view.</summary>
    public Span<T> Row(int frame) => _values.AsSpan(frame * width, width);
}
