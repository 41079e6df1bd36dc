using System.Diagnostics;
using System.IO.Compression;
using Microsoft.Win32.SafeHandles;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// An output by its extended name (Kaldi: wxfilename): a file, <c>-</c>, or <c>| command</c> where that is allowed. A file is
/// written under a temporary name and renamed when the output is disposed, so that nobody reads half of it.
/// </summary>
public sealed class KaldiOutput : IDisposable
{
    private readonly string? _path;
    private readonly string? _temporary;
    private readonly Process? _process;
    private readonly string _name;
    private bool _closed;

    private KaldiOutput(Stream stream, string name, string? path = null, string? temporary = null, Process? process = null)
    {
        Stream = stream;
        _name = name;
        _path = path;
        _temporary = temporary;
        _process = process;
    }

    /// <summary>Gets the stream of the bytes.</summary>
    public Stream Stream { get; }

    /// <summary>Opens an output.</summary>
    /// <param name="wxfilename">A path, <c>-</c> or <c>| command</c>; a file whose name ends in <c>.gz</c> is compressed.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="InputException">A command where commands are not allowed, or no name of a file.</exception>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static KaldiOutput Open(string wxfilename, KaldiIoOptions? io = null)
    {
        io ??= KaldiIoOptions.Default;
        var name = wxfilename.Trim();
        if (name.Length == 0 || name == "-")
            return new KaldiOutput(new BufferedStream(OpenStandardOutput(io), 1 << 16), "-");

        if (name[0] == '|')
        {
            if (!io.AllowPipes)
                throw new InputException($"'{name}' is a command, and commands are not allowed here; name a file, or allow pipes.");

            var process = PipeStream.Start(name[1..], redirectInput: true);
            return new KaldiOutput(new BufferedStream(process.StandardInput.BaseStream, 1 << 16), name, process: process);
        }

        CheckName(name);

        // A device or a named pipe cannot be replaced by renaming.
        var target = SpecialFile.IsOne(name) ? name : $"{name}.{Environment.ProcessId}.tmp";
        var file = new FileStream(target, target == name ? FileMode.Open : FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipFileStream(file) : (Stream)file;
        return target == name ? new KaldiOutput(stream, name) : new KaldiOutput(stream, name, name, target);
    }

    /// <summary>Opens the standard output unbuffered; writing to it fails when nobody reads it any more.</summary>
    /// <param name="io">Names the stream that <c>-</c> writes.</param>
    public static Stream OpenStandardOutput(KaldiIoOptions io)
    {
        const int standardOutput = 1;
        if (io.StandardOutput is { } given)
            return given;

        // The console's own stream swallows a broken pipe, and a program before 'head' would go on to its end. A file keeps
        // that stream, because it shares its position with the programs that write to it before and after.
        var raw = new FileStream(new SafeFileHandle(standardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return raw.CanSeek ? Console.OpenStandardOutput() : raw;
    }

    /// <summary>Writes a single object, with Kaldi's mark before binary data, to a file of its own.</summary>
    /// <param name="wxfilename">The extended file name.</param>
    /// <param name="binary">Binary or text.</param>
    /// <param name="write">Writes the object behind the mark.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="IOException">It cannot be written; an older file is untouched.</exception>
    public static void WriteOne(string wxfilename, bool binary, Action<KaldiWriter> write, KaldiIoOptions? io = null) => Write(
        wxfilename,
        binary,
        writer =>
        {
            writer.WriteBinaryMarker();
            write(writer);
        },
        io);

    /// <summary>Writes a file as a whole or not at all.</summary>
    internal static void Write(string wxfilename, bool binary, Action<KaldiWriter> write, KaldiIoOptions? io)
    {
        using var output = Open(wxfilename, io);
        try
        {
            write(new KaldiWriter(output.Stream, binary));
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }

    /// <summary>Closes the output without putting a file in place.</summary>
    public void Discard()
    {
        if (_closed)
            return;

        _closed = true;
        Stream.Dispose();
        _process?.Dispose();
        if (_temporary is not null)
            File.Delete(_temporary);
    }

    /// <summary>Flushes, and puts a file in its place.</summary>
    /// <exception cref="IOException">The disk is full, or the command failed.</exception>
    public void Dispose()
    {
        if (_closed)
            return;

        try
        {
            if (Stream is FileStream file && _temporary is not null)
                file.Flush(flushToDisk: true);
            else if (Stream is GZipFileStream zip)
                zip.Finish(_temporary is not null);
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

        if (_path is not null && _temporary is not null)
        {
            File.Move(_temporary, _path, overwrite: true);
            AtomicFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(_path)) ?? ".");
        }

        if (_process is not null)
            Wait(_process);
    }

    // Names that readers would take for something else than a file.
    private static void CheckName(string name)
    {
        if (name[^1] == '|')
            throw new InputException($"'{name}' reads from a command; an output begins with '|' instead.");
        if (name[0] is 'a' or 's' && Wspecifier.IsTable(name))
            throw new InputException($"'{name}' is a table where the name of a file is expected; leave the part up to the colon out.");
        if (name.LastIndexOf(':') is > 0 and var colon && colon < name.Length - 1
            && name.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0)
            throw new InputException($"'{name}' is a place within a file, and only whole files are written.");
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

/// <summary>Compresses into a file, which is complete after <see cref="Finish"/>.</summary>
internal sealed class GZipFileStream(FileStream file) : Stream
{
    // .NET writes nothing at all for no content, and an empty file is no gzip data.
    private static readonly byte[] NoContent = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly GZipStream _zip = new(file, CompressionLevel.Optimal, leaveOpen: true);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes the end of the compressed data.</summary>
    /// <param name="toDisk">Waits until all is on the disk.</param>
    public void Finish(bool toDisk)
    {
        _zip.Dispose();
        if (file.Position == 0)
            file.Write(NoContent);

        file.Flush(toDisk);
    }

    public override void Write(byte[] buffer, int offset, int count) => _zip.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _zip.Write(buffer);

    public override void Flush() => _zip.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _zip.Dispose();
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
