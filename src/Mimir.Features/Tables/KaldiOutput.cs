using System.Diagnostics;
using Mimir.Common;

namespace Mimir.Features.Tables;

/// <summary>
/// An output by its extended name: a file, <c>-</c>, or <c>| command</c> where that is allowed. A file is written beside its
/// place and renamed when the output is disposed, so that nobody reads half of it.
/// </summary>
public sealed class KaldiOutput : IDisposable
{
    private readonly string? _path;
    private readonly string? _beside;
    private readonly Process? _process;
    private readonly string _name;
    private bool _closed;

    private KaldiOutput(Stream stream, string name, string? path = null, string? beside = null, Process? process = null)
    {
        Stream = stream;
        _name = name;
        _path = path;
        _beside = beside;
        _process = process;
    }

    /// <summary>Gets where the bytes go.</summary>
    public Stream Stream { get; }

    /// <summary>Opens an output.</summary>
    /// <param name="wxfilename">A path, <c>-</c> or <c>| command</c>; <c>.gz</c> is not compressed, as in Kaldi.</param>
    /// <param name="options">What may be opened; null means files and the standard output.</param>
    /// <exception cref="FormatException">A command where commands are not allowed.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static KaldiOutput Open(string wxfilename, KaldiIoOptions? options = null)
    {
        options ??= KaldiIoOptions.Default;
        var name = wxfilename.Trim();
        if (name.Length == 0 || name == "-")
            return new KaldiOutput(new BufferedStream(options.StandardOutput ?? Console.OpenStandardOutput(), 1 << 16), "-");

        if (name[0] == '|')
        {
            if (!options.AllowPipes)
                throw new FormatException($"'{name}' is a command, and commands are not allowed here; name a file, or allow pipes.");

            var process = PipeStream.Start(name[1..], redirectInput: true);
            return new KaldiOutput(process.StandardInput.BaseStream, name, process: process);
        }

        // A device or a named pipe cannot be renamed over.
        var special = File.Exists(name) && (File.GetAttributes(name) & FileAttributes.Device) != 0;
        var target = special || name.StartsWith("/dev/", StringComparison.Ordinal) ? name : $"{name}.{Environment.ProcessId}.tmp";
        var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        return target == name ? new KaldiOutput(file, name) : new KaldiOutput(file, name, name, target);
    }

    /// <summary>Closes the output without putting a file in place.</summary>
    public void Discard()
    {
        if (_closed)
            return;

        _closed = true;
        Stream.Dispose();
        _process?.Dispose();
        if (_beside is not null)
            File.Delete(_beside);
    }

    /// <summary>Flushes, and puts a file in its place.</summary>
    /// <exception cref="IOException">The disk is full, or the command failed.</exception>
    public void Dispose()
    {
        if (_closed)
            return;

        try
        {
            if (Stream is FileStream file && _beside is not null)
                file.Flush(flushToDisk: true);
            else
                Stream.Flush();

            _closed = true;
            if (_name != "-")
                Stream.Dispose();
        }
        catch (IOException)
        {
            _closed = false;
            Discard();
            throw;
        }

        if (_path is not null && _beside is not null)
        {
            File.Move(_beside, _path, overwrite: true);
            AtomicFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(_path)) ?? ".");
        }

        if (_process is not null)
            Wait(_process);
    }

    private void Wait(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new IOException($"'{_name}' failed with exit status {process.ExitCode}.");
        }
    }
}
