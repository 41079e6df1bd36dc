using Mimir.Base;

namespace Mimir.Cli.Commands;

/// <summary>
/// Writes a folder of scripts with the names of Kaldi's programs, each of which runs <c>mimir kaldi</c>. Before Kaldi's own
/// folders in <c>PATH</c> it lets Kaldi's recipes run unchanged.
/// </summary>
internal static class ProgramLinks
{
    private const string Mark = "# Runs Mimir in the place of Kaldi's program; written by 'mimir kaldi --links'.";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the scripts; makes the folder when it is missing and replaces scripts of an earlier call.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="programs">The names.</param>
    /// <param name="options">The options between <c>mimir kaldi</c> and the program's name.</param>
    /// <exception cref="InputException">The folder holds a file of that name which is not such a script.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    internal static void Write(string folder, IEnumerable<string> programs, string options)
    {
        Directory.CreateDirectory(folder);
        foreach (var program in programs)
        {
            var path = Path.Combine(folder, program);
            if (File.Exists(path) && !IsLink(path))
            {
                throw new InputException(
                    $"{path}: expected no file or a script of an earlier call, this is another program; choose a folder of its own.");
            }

            AtomicFile.WriteText(path, $"#!/bin/sh\n{Mark}\nexec {Self()} kaldi {options}{program} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, Executable);
        }
    }

    private static bool IsLink(string path) => File.ReadLines(path).Take(2).Contains(Mark);

    // Under 'dotnet mimir.dll' the process is dotnet, and the program is its first argument.
    private static string Self()
    {
        var process = Environment.ProcessPath ?? "mimir";
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? $"{Quoted(process)} {Quoted(Path.GetFullPath(Environment.GetCommandLineArgs()[0]))}"
            : Quoted(process);
    }

    private static string Quoted(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
