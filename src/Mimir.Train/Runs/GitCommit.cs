using System.Reflection;

namespace Mimir.Train.Runs;

/// <summary>Reads the commits that a run is made of, without git.</summary>
internal static class GitCommit
{
    /// <summary>The commit that Mimir was built from, or null when the build did not know it.</summary>
    public static string? OfBuild() => typeof(GitCommit).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [_, var commit] ? commit : null;

    /// <summary>The commit that is checked out where a file lies, or null when it lies in no repository.</summary>
    /// <param name="file">The file.</param>
    public static string? Of(string file)
    {
        try
        {
            for (var folder = Path.GetDirectoryName(Path.GetFullPath(file)); folder is not null; folder = Path.GetDirectoryName(folder))
            {
                if (Repository(Path.Combine(folder, ".git")) is { } repository)
                    return Head(repository);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }

    // The .git of a work tree or a submodule is a file that names the folder.
    private static string? Repository(string path)
    {
        if (Directory.Exists(path))
            return path;
        if (!File.Exists(path) || Named(File.ReadAllText(path), "gitdir: ") is not { } folder)
            return null;

        return Path.Combine(Path.GetDirectoryName(path) ?? ".", folder);
    }

    private static string? Head(string repository)
    {
        var head = File.ReadAllText(Path.Combine(repository, "HEAD")).Trim();
        if (Named(head, "ref: ") is not { } name)
            return head;

        var shared = Path.Combine(repository, "commondir") is var common && File.Exists(common)
            ? Path.Combine(repository, File.ReadAllText(common).Trim())
            : repository;
        var reference = Path.Combine(shared, name);
        if (File.Exists(reference))
            return File.ReadAllText(reference).Trim();

        var packed = Path.Combine(shared, "packed-refs");
        return File.Exists(packed)
            ? File.ReadLines(packed).FirstOrDefault(line => line.EndsWith($" {name}", StringComparison.Ordinal))?.Split(' ')[0]
            : null;
    }

    private static string? Named(string text, string key) =>
        text.StartsWith(key, StringComparison.Ordinal) ? text[key.Length..].Trim() : null;
}
