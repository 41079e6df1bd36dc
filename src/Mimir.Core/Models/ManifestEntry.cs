namespace Mimir.Core.Models;

/// <summary>A file in a manifest.</summary>
/// <param name="Sha256">Its checksum in lower-case hexadecimal.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record ManifestEntry(string Sha256, long Bytes);
