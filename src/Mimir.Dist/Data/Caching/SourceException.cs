namespace Mimir.Dist.Data.Caching;

/// <summary>A source does not give a file.</summary>
/// <param name="message">One line with the file's full name and the remedy.</param>
/// <param name="passing">Whether a later try may go well.</param>
/// <param name="inner">What the system said, or null.</param>
public sealed class SourceException(string message, bool passing, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>Gets a value indicating whether a later try may go well.</summary>
    public bool Passing { get; } = passing;

    /// <summary>Gets how long the source asks to wait before the next try; null: it does not say.</summary>
    public TimeSpan? Wait { get; init; }
}
