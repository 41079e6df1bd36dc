namespace Mimir.Config;

/// <summary>A key that several sections have.</summary>
/// <param name="Name">The key in the file.</param>
/// <param name="Kind">The kind of value.</param>
/// <param name="Summary">What it means, with its unit.</param>
internal sealed record Key<T>(string Name, ValueKind<T> Kind, string Summary);
