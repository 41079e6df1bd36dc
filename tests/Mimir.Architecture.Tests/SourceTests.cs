using System.Runtime.CompilerServices;

namespace Mimir.Architecture.Tests;

/// <summary>The shape of the sources: short files, short lines, tests where there is behaviour.</summary>
public sealed class SourceTests
{
    private const int MostLines = 400;
    private const int LongestLine = 140;

    // Source folders without a test folder of the same name, and why.
    private static readonly Dictionary<string, string> TestedElsewhere = new()
    {
        ["src/Mimir.Dist.MpiNet"] = "the tests of MPI in Mimir.Dist.Tests run over it",
    };

    private static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var long_ = Files("src", "tests", "bench", "samples").Select(file => (file, Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > MostLines);

        Rule.Holds(long_.Select(file => $"{Name(file.file)}: {file.Lines} lines"));
    }

    [Fact]
    public void No_line_is_longer_than_140_characters()
    {
        var long_ =
            from file in Files("src", "tests", "bench", "samples")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > LongestLine
            select $"{Name(file)}:{line.Index + 1}: {line.Item.Length} characters";

        Rule.Holds(long_);
    }

    [Fact]
    public void Every_source_folder_with_behaviour_has_a_test_folder()
    {
        var missing = Files("src").Where(HasBehaviour).Select(file => Path.GetDirectoryName(Name(file))!).Distinct()
            .Where(folder => !TestedElsewhere.ContainsKey(folder) && !Directory.Exists(Path.Combine(Root, TestFolder(folder))));

        Rule.Holds(missing.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_exception_of_these_rules_still_holds() =>
        Assert.All(TestedElsewhere, folder => Assert.True(Directory.Exists(Path.Combine(Root, folder.Key)), $"{folder.Key} is gone"));

    // A method with statements; records, enums and bindings of native functions have none.
    private static bool HasBehaviour(string file) =>
        File.ReadLines(file).Any(line => line.TrimStart().StartsWith("return ", StringComparison.Ordinal));

    private static string TestFolder(string folder)
    {
        var parts = folder.Split('/');
        return Path.Combine(["tests", $"{parts[1]}.Tests", .. parts[2..]]);
    }

    private static IEnumerable<string> Files(params string[] roots) => roots
        .SelectMany(root => Directory.EnumerateFiles(Path.Combine(Root, root), "*.cs", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal);

    private static string Name(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Here([CallerFilePath] string here = "") => here;
}
