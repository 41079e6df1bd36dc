namespace Mimir.Architecture.Tests;

/// <summary>A rule of the house, and what breaks it.</summary>
internal static class Rule
{
    /// <summary>Fails with all violations, a line each.</summary>
    public static void Holds(IEnumerable<string> violations)
    {
        var lines = violations.ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} violations:\n{string.Join('\n', lines)}");
    }
}
