using Mimir.Base;
using Mimir.Core.Runtime;

namespace Mimir.Core.Tests.Runtime;

public sealed class BridgePatchTests
{
    [Fact]
    public void MarkWeak_changes_the_flags_of_one_version_need_and_nothing_else()
    {
        var original = File.ReadAllBytes(Bridge());
        var patched = original.ToArray();

        BridgePatch.MarkWeak(patched, "GLIBCXX_3.4.32");

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i]).ToList();
        Assert.Equal((0, 2), (original[Assert.Single(changed)], patched[changed[0]]));
    }

    [Fact]
    public void MarkWeak_of_a_version_that_is_not_needed_is_an_error() =>
        Assert.Throws<InvalidDataException>(() => BridgePatch.MarkWeak(File.ReadAllBytes(Bridge()), "GLIBCXX_9.9"));

    [Fact]
    public void CopyFor_an_unknown_file_is_refused()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "not TorchSharp's");

        var error = Assert.Throws<InputException>(() => BridgePatch.CopyFor(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    private static string Bridge() => NativeLibraries.Folders
        .Select(folder => Path.Combine(folder, "libLibTorchSharp.so")).First(File.Exists);
}
