namespace Mimir.Features.Pitch;

/// <summary>Rows of one width, a frame each, in one array that grows and is used again.</summary>
/// <param name="width">The values of a row.</param>
internal sealed class FrameStore<T>(int width)
    where T : unmanaged
{
    private T[] _values = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets all rows; the room stays.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds a row; its values are left as they are.</summary>
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
