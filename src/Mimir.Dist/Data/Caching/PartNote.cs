namespace Mimir.Dist.Data.Caching;

/// <summary>What lies beside a file that is being fetched.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Version">Which version its bytes are of.</param>
/// <param name="Length">How long it will be: room that is taken.</param>
internal sealed record PartNote(string Source, string? Version, long Length);
