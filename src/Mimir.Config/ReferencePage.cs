namespace Mimir.Config;

/// <summary>A section of recipes as the reference shows it.</summary>
internal sealed record ReferencePage(string Path, string Summary, IReadOnlyList<ReferenceRow> Rows);

/// <summary>A key of a section as the reference shows it.</summary>
/// <param name="Key">The key in Markdown.</param>
/// <param name="Value">What its value looks like.</param>
/// <param name="Default">Its default in YAML, empty for none.</param>
/// <param name="Summary">What it means, with its unit.</param>
internal sealed record ReferenceRow(string Key, string Value, string Default, string Summary);
