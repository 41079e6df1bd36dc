namespace Mimir.Dist.Data.Caching;

/// <summary>A file does not fit into the cache beside those that are in use.</summary>
/// <param name="message">One line with the sizes and the remedy.</param>
public sealed class CacheFullException(string message) : IOException(message);
