using Mimir.Train.Packages;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Packages;

/// <summary>Damaged descriptions of packages give values or a message, and nothing worse.</summary>
public sealed class PackageMutationTests(ITestOutputHelper console)
{
    [Fact]
    public void Find_of_a_mutated_package_gives_values_or_a_message()
    {
        var whole = ModelFiles.ToYaml(new() { Name = "some", Mimir = "1.0.0", Decode = new() { LeaveOut = ["<SIL>"] } });

        var report = Fuzzer.Run(
            "package", System.Text.Encoding.UTF8.GetBytes(whole), file => ModelFiles.Find(Path.GetDirectoryName(file) ?? "", []),
            ModelFiles.RecipeFile);
        console.WriteLine($"{report}");
    }
}
