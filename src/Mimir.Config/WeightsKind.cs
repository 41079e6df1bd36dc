using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mimir.Config;

/// <summary>Whole numbers as a range <c>4-15</c>, a list, or one of them.</summary>
internal sealed partial class WeightsKind : ValueKind<IReadOnlyList<int>>
{
    private const int Most = 1000;

    private readonly ListKind<int> _list = new(Kinds.Whole(1, Most), 1, "a list");

    public override string Description => "a range such as 4-15 or a list such as [7, 9, 11]";

    public override IReadOnlyList<int> Read(RecipeNode node, string path, IReadOnlyList<int> fallback, BindContext context)
    {
        if (node is ListNode { Items.Count: > 0 })
            return _list.Read(node, path, fallback, context);
        if (node is not ScalarNode scalar || Pattern().Match(context.Expand(scalar, path)) is not { Success: true } range)
            return Refuse(node, path, fallback, context);

        var first = Parse(range.Groups["first"].Value);
        var last = range.Groups["last"] is { Success: true } end ? Parse(end.Value) : first;
        return first is > 0 and <= Most && last >= first && last <= Most
            ? [.. Enumerable.Range(first, last - first + 1)]
            : Refuse(node, path, fallback, context);
    }

    public override RecipeNode? Write(
        IReadOnlyList<int> value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        if (value.Count < 2 || value.Where((weight, index) => weight != value[0] + index).Any())
            return _list.Write(value, path, origins);

        var range = string.Create(CultureInfo.InvariantCulture, $"{value[0]}-{value[^1]}");
        return new ScalarNode(range, Plain: true, OriginOf(origins, path));
    }

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" } },
            new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            new JsonObject { ["type"] = "string", ["pattern"] = @"^\s*\d+\s*(-\s*\d+\s*)?$" }),
    };

    private static int Parse(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<first>\d{1,6})\s*(-\s*(?<last>\d{1,6})\s*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
