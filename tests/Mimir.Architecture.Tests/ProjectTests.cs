using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace Mimir.Architecture.Tests;

/// <summary>The drawing in docs/architecture.md, executable: who may reference whom.</summary>
public sealed class ProjectTests
{
    private static readonly string[] Leaves =
        ["Mimir.Base", "Mimir.Kaldi", "Mimir.Features", "Mimir.Core", "Mimir.Dist", "Mimir.Config", "Mimir.Decode", "Mimir.Gmm"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Mimir.Base"] = [],
        ["Mimir.Kaldi"] = ["Mimir.Base"],
        ["Mimir.Features"] = ["Mimir.Base", "Mimir.Kaldi"],
        ["Mimir.Core"] = ["Mimir.Base"],
        ["Mimir.Dist"] = ["Mimir.Base"],
        ["Mimir.Dist.MpiNet"] = ["Mimir.Base", "Mimir.Dist"],
        ["Mimir.Config"] = ["Mimir.Base"],
        ["Mimir.Decode"] = ["Mimir.Base", "Mimir.Kaldi"],
        ["Mimir.Gmm"] = ["Mimir.Base", "Mimir.Kaldi"],
        ["Mimir.Corpus"] = [.. Leaves],
        ["Mimir.Train"] = [.. Leaves],
        ["Mimir.Lab"] = [.. Leaves, "Mimir.Train"],
        ["Mimir.KaldiTools"] = [.. Leaves, "Mimir.Train"],
        ["Mimir.Cli"] = [.. Leaves, "Mimir.Corpus", "Mimir.Train", "Mimir.Lab", "Mimir.KaldiTools"],
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
