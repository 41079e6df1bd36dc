using System.Text.RegularExpressions;
using Mimir.Base;

namespace Mimir.Core.Runtime;

/// <summary>The files of libtorch and of TorchSharp's native part.</summary>
/// <param name="Folder">The folder of libtorch.</param>
/// <param name="Version">The version of libtorch, such as <c>2.10.0</c>.</param>
/// <param name="Libraries">The libraries of libtorch, in the order in which they are loaded.</param>
/// <param name="Bridge">TorchSharp's native part, which calls libtorch.</param>
public sealed partial record TorchFiles(string Folder, string Version, IReadOnlyList<string> Libraries, string Bridge)
{
    /// <summary>The version that TorchSharp was built for; its minor version must be that of libtorch.</summary>
    public const string WantedVersion = "2.10.0";

    // In the order of their dependencies; a CUDA backend registers itself when it is loaded.
    private static readonly string[] Names = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly string[] VersionFiles = ["version.py", "build-version"];

    /// <summary>True when this libtorch can use CUDA.</summary>
    public bool HasCuda => Libraries.Any(library => Path.GetFileName(library).Contains("torch_cuda", StringComparison.Ordinal));

    /// <summary>Finds the files.</summary>
    /// <param name="named">The libtorch that the user names: its folder, or the one above with <c>lib</c>; null or empty is none.</param>
    /// <param name="folders">The folders in which the runtime looks for native libraries.</param>
    /// <exception cref="InputException">libtorch is missing, or the one that was named has another version.</exception>
    public static TorchFiles Find(string? named, IEnumerable<string> folders)
    {
        var all = folders.ToList();
        var bridge = Bridges(all) ?? throw new InputException(
            $"TorchSharp's native library {FileName("LibTorchSharp")} is not in {string.Join(" or ", all)}; build Mimir again");
        if (string.IsNullOrEmpty(named))
        {
            return all.Find(HasTorch) is { } folder
                ? new(folder, WantedVersion, LibrariesIn(folder), bridge)
                : throw new InputException(
                    $"libtorch is not in {string.Join(" or ", all)}; build Mimir again, or set {TorchRuntime.FolderVariable} to the "
                    + $"folder of a libtorch {Minor(WantedVersion)}");
        }

        var place = new[] { named, Path.Combine(named, "lib") }.FirstOrDefault(HasTorch) ?? throw new InputException(
            $"{TorchRuntime.FolderVariable}={named}: expected a folder with {FileName("torch_cpu")}, such as site-packages/torch");
        var version = VersionOf(place) ?? throw new InputException(
            $"{TorchRuntime.FolderVariable}={named}: the version of libtorch is unknown, since neither version.py nor build-version "
            + "lies beside its lib folder; take a PyTorch package or an unpacked libtorch as it comes");
        return Minor(version) == Minor(WantedVersion)
            ? new(place, version, LibrariesIn(place), bridge)
            : throw new InputException(
                $"{TorchRuntime.FolderVariable}={named}: expected libtorch {Minor(WantedVersion)}, got {version}; install PyTorch "
                + $"{Minor(WantedVersion)} or unset the variable");
    }

    private static string? Bridges(List<string> folders) => folders
        .Select(folder => Path.Combine(folder, FileName("LibTorchSharp"))).FirstOrDefault(File.Exists);

    private static bool HasTorch(string folder) => File.Exists(Path.Combine(folder, FileName("torch_cpu")));

    // libgomp first: with it, libtorch and everything else in the process share one OpenMP.
    private static List<string> LibrariesIn(string folder) =>
    [
        .. Directory.GetFiles(folder, "libgomp*.so*"),
        .. Names.Select(name => Path.Combine(folder, FileName(name))).Where(File.Exists),
    ];

    private static string FileName(string name) => OperatingSystem.IsWindows() ? $"{name}.dll"
        : OperatingSystem.IsMacOS() ? $"lib{name}.dylib"
        : $"lib{name}.so";

    private static string? VersionOf(string folder)
    {
        var above = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;
        var text = VersionFiles.Select(name => Path.Combine(above, name))
            .Where(File.Exists).Select(File.ReadAllText).FirstOrDefault();
        return text is not null && VersionNumber().Match(text) is { Success: true } match ? match.Value : null;
    }

    private static string Minor(string version) => string.Join('.', version.Split('.').Take(2));

    [GeneratedRegex(@"\d+\.\d+\.\d+")]
    private static partial Regex VersionNumber();
}
