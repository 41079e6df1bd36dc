namespace Mimir.Dist.Data.Caching;

/// <summary>A file does not fit into the cache beside those that are in use.</summary>
/// <param name="message">One line with the sizes and the remedy.</param>
/// <param name="passing">Whether it may fit when something is released.</param>
public sealed class CacheFullException(string message, bool passing) : IOException(message)
{
    /// <summary>Gets a value indicating whether the file may fit when something is released.</summary>
    public bool Passing { get; } = passing;
}
