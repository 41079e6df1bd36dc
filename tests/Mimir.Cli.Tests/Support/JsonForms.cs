using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mimir.Cli.Tests.Support;

/// <summary>The examples in docs/json.md, with which results are compared.</summary>
internal static partial class JsonForms
{
    /// <summary>Demands that results have the form of a command's example.</summary>
    public static void HasFormOf(string command, params JsonElement[] results)
    {
        var page = File.ReadAllText(Path.Combine(SharedData.Checkout, "docs", "json.md")).ReplaceLineEndings("\n");
        var example = Examples().Matches(page).Single(match => match.Groups[1].Value == command).Groups[2].Value;
        var expected = JsonDocument.Parse(example).RootElement;
        Assert.All(results, result => AssertAlike(expected, result, command));
    }

    // Null is allowed for what has no value; an empty list tells nothing of its items.
    private static void AssertAlike(JsonElement expected, JsonElement actual, string place)
    {
        if (expected.ValueKind == JsonValueKind.Null || actual.ValueKind == JsonValueKind.Null)
            return;

        Assert.True(Kind(expected) == Kind(actual), $"{place}: {expected.ValueKind} in docs/json.md, {actual.ValueKind} printed");
        if (expected.ValueKind == JsonValueKind.Array && expected.GetArrayLength() > 0)
        {
            foreach (var (index, item) in actual.EnumerateArray().Index())
                AssertAlike(expected[0], item, $"{place}[{index}]");
        }
        else if (expected.ValueKind == JsonValueKind.Object && !place.EndsWith("by_worker", StringComparison.Ordinal))
        {
            Assert.Equal(expected.EnumerateObject().Select(pair => pair.Name), actual.EnumerateObject().Select(pair => pair.Name));
            foreach (var pair in expected.EnumerateObject())
                AssertAlike(pair.Value, actual.GetProperty(pair.Name), $"{place}.{pair.Name}");
        }
    }

    private static JsonValueKind Kind(JsonElement element) =>
        element.ValueKind == JsonValueKind.False ? JsonValueKind.True : element.ValueKind;

    [GeneratedRegex("^## `mimir ([a-z -]+)`\\n(?:.*\\n)*?```json\\n((?:.*\\n)*?)```", RegexOptions.Multiline)]
    private static partial Regex Examples();
}
