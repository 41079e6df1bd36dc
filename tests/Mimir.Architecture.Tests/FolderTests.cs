using Mono.Cecil;

namespace Mimir.Architecture.Tests;

/// <summary>The folders of a project have an order: none needs another that needs it in turn.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> Projects => [.. Code.Product.Select(assembly => assembly.Name.Name)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_have_no_circle(string project)
    {
        var assembly = Code.Product.Single(assembly => assembly.Name.Name == project);
        var uses = new Dictionary<string, Dictionary<string, string>>();
        foreach (var type in Code.WrittenTypes(assembly))
        {
            foreach (var used in Code.Uses(type).Select(Code.Find).OfType<TypeDefinition>().Select(Code.Owner))
            {
                if (used.Module == type.Module && used.Namespace != type.Namespace && used.Namespace.Length > 0)
                    Of(uses, type.Namespace).TryAdd(used.Namespace, $"{type.Name} uses {used.Name}");
            }
        }

        var circles = Circles(uses);

        Assert.True(circles.Count == 0, string.Join("\n\n", circles.Select(circle => string.Join('\n', Explain(circle, uses)))));
    }

    private static IEnumerable<string> Explain(IReadOnlyCollection<string> circle, Dictionary<string, Dictionary<string, string>> uses) =>
        from folder in circle
        from used in Of(uses, folder)
        where circle.Contains(used.Key)
        select $"{folder} needs {used.Key}: {used.Value}";

    // The strongly connected components of more than one folder: those that reach each other.
    private static List<IReadOnlyCollection<string>> Circles(Dictionary<string, Dictionary<string, string>> uses)
    {
        var reach = uses.Keys.ToList().ToDictionary(folder => folder, folder => Reach(folder, uses));
        var circles = new List<IReadOnlyCollection<string>>();
        foreach (var folder in reach.Keys.Order(StringComparer.Ordinal).Where(folder => reach[folder].Contains(folder)))
        {
            if (!circles.Any(circle => circle.Contains(folder)))
                circles.Add([.. reach[folder].Where(other => reach.TryGetValue(other, out var back) && back.Contains(folder)).Order()]);
        }

        return circles;
    }

    private static HashSet<string> Reach(string from, Dictionary<string, Dictionary<string, string>> uses)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(Of(uses, from).Keys);
        while (next.TryPop(out var folder))
        {
            if (reached.Add(folder) && uses.TryGetValue(folder, out var further))
                further.Keys.ToList().ForEach(next.Push);
        }

        return reached;
    }

    private static Dictionary<string, string> Of(Dictionary<string, Dictionary<string, string>> uses, string folder)
    {
        if (!uses.TryGetValue(folder, out var used))
            uses.Add(folder, used = []);

        return used;
    }
}
