using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Mimir.Base;

/// <summary>Says why the system did not open a file: who lacks which right to what, or a folder in a file's place.</summary>
internal static partial class PathProblem
{
    private const int Search = 1;
    private const int Read = 4;

    /// <summary>The reason behind .NET's "Access to the path … is denied.", or null when the text is another.</summary>
    /// <param name="message">The exception's message.</param>
    public static string? OfDenial(string message)
    {
        if (Denial().Match(message) is not { Success: true } match)
            return null;

        // A file that is to be written has a temporary name beside its own.
        var path = Temporary().Replace(match.Groups[1].Value, "");
        if (Directory.Exists(path) && May(path, Read))
            return $"{path}: this is a folder, expected a file";

        var reason = Closed(path) ?? (File.Exists(path) ? Denied("open it", path) : Denied($"write in {Folder(path)}", Folder(path)));
        return $"{path}: {reason}";
    }

    /// <summary>The reason behind .NET's "Could not find a part of the path …", or null when the text is another.</summary>
    /// <param name="message">The exception's message.</param>
    public static string? OfMissingFolder(string message)
    {
        if (MissingPart().Match(message) is not { Success: true } match)
            return null;

        var path = Temporary().Replace(match.Groups[1].Value, "");
        return $"{path}: {Closed(path) ?? $"there is no folder '{Path.GetDirectoryName(path)}'"}";
    }

    /// <summary>The reason that a file was not found, where it is another than that nothing is there; null otherwise.</summary>
    /// <param name="path">The file.</param>
    /// <param name="message">The message about it, which may expect a folder.</param>
    public static string? OfMissing(string path, string message)
    {
        if (path.Length == 0)
            return null;

        return Directory.Exists(path) && May(path, Read)
            ? MissingFile().IsMatch(message) ? "this is a folder" : null
            : Closed(path);
    }

    // The nearest folder on the way that this user may not look into.
    private static string? Closed(string path)
    {
        if (Directory.Exists(path))
            return May(path, Read) ? null : Denied("look into it", path);

        var folder = Folder(path);
        return May(folder, Search) ? null : Denied($"look into {folder}", folder);
    }

    private static string Folder(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);

        return folder ?? "/";
    }

    private static string Denied(string deed, string place)
    {
        var user = Environment.UserName is { Length: > 0 } name ? $"user '{name}'" : "this user";
        return $"{user} may not {deed}, {Mode(place)}; ask its owner for the right (chmod, chown), or name another place";
    }

    private static string Mode(string path)
    {
        if (OperatingSystem.IsWindows())
            return "whose rights are another user's";

        var mode = (int)File.GetUnixFileMode(path);
        return string.Concat(Enumerable.Range(0, 9).Select(bit => (mode & (0x100 >> bit)) != 0 ? "rwx"[bit % 3] : '-'));
    }

    private static bool May(string path, int right) => OperatingSystem.IsWindows() || access(path, right) == 0;

    [GeneratedRegex("^Access to the path '(.+)' is denied[.]$")]
    private static partial Regex Denial();

    [GeneratedRegex("^Could not find a part of the path '(.+)'[.]$")]
    private static partial Regex MissingPart();

    [GeneratedRegex("no such|there is no ")]
    private static partial Regex MissingFile();

    [GeneratedRegex("[.][0-9]+[.]tmp$")]
    private static partial Regex Temporary();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
