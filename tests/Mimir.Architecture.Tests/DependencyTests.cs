using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Mimir.Architecture.Tests;

/// <summary>The drawing in docs/architecture.md, executable: who may reference whom.</summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Mimir.Core"] = [],
        ["Mimir.Features"] = [],
        ["Mimir.Dist"] = [],
        ["Mimir.Decode"] = [],
        ["Mimir.Corpus"] = ["Mimir.Features", "Mimir.Decode"],
        ["Mimir.Train"] = ["Mimir.Core", "Mimir.Features", "Mimir.Dist", "Mimir.Decode"],
        ["Mimir.Serve"] = ["Mimir.Core", "Mimir.Features", "Mimir.Decode"],
        ["Mimir.Cli"] =
            ["Mimir.Core", "Mimir.Features", "Mimir.Dist", "Mimir.Decode", "Mimir.Corpus", "Mimir.Train", "Mimir.Serve"],
    };

    public static TheoryData<string> Projects => [.. Directory.EnumerateFiles(Source(), "*.csproj", SearchOption.AllDirectories)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_references_only_what_the_architecture_allows(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);

        var references = XDocument.Load(project).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Subset(Allowed[name].ToHashSet(), references.ToHashSet());
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));
}
