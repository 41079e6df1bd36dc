namespace Mimir.Config;

/// <summary>A section of a file in its reference.</summary>
/// <param name="Path">Its path, with dots; empty for the top.</param>
/// <param name="Summary">Its meaning.</param>
/// <param name="Rows">Its keys.</param>
public sealed record ReferencePage(string Path, string Summary, IReadOnlyList<ReferenceRow> Rows);

/// <summary>A key of a section in the reference of a file.</summary>
/// <param name="Key">The key in Markdown.</param>
/// <param name="Value">The words for its value.</param>
/// <param name="Default">Its default in YAML, empty for none.</param>
/// <param name="Summary">Its meaning, with its unit.</param>
public sealed record ReferenceRow(string Key, string Value, string Default, string Summary);
