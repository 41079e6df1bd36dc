using System.Text;
using Mimir.Base;
using Mimir.Base.Text;

namespace Mimir.Kaldi.Tables;

/// <summary>The commands and streams that extended file names may use beside plain files.</summary>
public sealed record KaldiIoOptions
{
    /// <summary>Gets the default: files and standard streams, no commands.</summary>
    public static KaldiIoOptions Default { get; } = new();

    /// <summary>True when <c>command |</c> and <c>| command</c> run through <c>/bin/sh</c>.</summary>
    public bool AllowPipes { get; init; }

    /// <summary>Gets the receiver of warnings: of what is passed over and of commands that failed behind their data; null drops them.
    /// It is called from any thread.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>Gets the stream that <c>-</c> reads; null means the standard input of this process.</summary>
    public Stream? StandardInput { get; init; }

    /// <summary>Gets the stream that <c>-</c> writes; null means the standard output of this process.</summary>
    public Stream? StandardOutput { get; init; }
}

/// <summary>
/// Opens extended input file names (Kaldi: rxfilename): a file, <c>file:offset</c>, <c>-</c>, or <c>command |</c> where that is allowed.
/// A file whose name ends in <c>.gz</c> is decompressed, which Kaldi leaves to a pipe.
/// </summary>
public static class KaldiInput
{
    /// <summary>Opens an input at its offset.</summary>
    /// <param name="rxfilename">The extended file name; a range in brackets is left to the caller.</param>
    /// <param name="io">What may be opened; null means <see cref="KaldiIoOptions.Default"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The name is no input, or a command where commands are not allowed.</exception>
    public static Stream Open(string rxfilename, KaldiIoOptions? io = null) =>
        Open(Rxfilename.Parse(rxfilename), io ?? KaldiIoOptions.Default);

    /// <summary>Opens an input by its parsed name.</summary>
    /// <inheritdoc cref="Open(string, KaldiIoOptions?)"/>
    public static Stream Open(Rxfilename rxfilename, KaldiIoOptions io) => Open(rxfilename, io, Use.Object);

    /// <summary>Opens an archive, which may also be a named pipe.</summary>
    internal static Stream OpenArchive(Rxfilename rxfilename, KaldiIoOptions io) => Open(rxfilename, io, Use.Archive);

    /// <summary>Opens a file of lines that all stay in memory: a script, a list, options.</summary>
    /// <param name="rxfilename">The extended file name.</param>
    /// <param name="io">What may be opened; null means <see cref="KaldiIoOptions.Default"/>.</param>
    /// <param name="encoding">The encoding; null for UTF-8.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The name is no input, or of what has no end.</exception>
    public static TextLineReader OpenText(string rxfilename, KaldiIoOptions? io = null, Encoding? encoding = null) =>
        new(Open(Rxfilename.Parse(rxfilename), io ?? KaldiIoOptions.Default, Use.Lines), rxfilename, encoding);

    private static Stream Open(Rxfilename rxfilename, KaldiIoOptions io, Use use) => rxfilename.Kind switch
    {
        RxKind.StandardInput => io.StandardInput ?? Console.OpenStandardInput(),
        RxKind.Pipe => OpenPipe(rxfilename.Target, io),
        _ => OpenFile(rxfilename, use),
    };

    private static Stream OpenFile(Rxfilename rxfilename, Use use)
    {
        FileKinds.RequireReadable(rxfilename.Target, pipes: use == Use.Archive);
        if (!File.Exists(rxfilename.Target))
            throw new FileNotFoundException($"{rxfilename.Target}: no such file.", rxfilename.Target);

        var file = OpenForReading(rxfilename.Target);
        if (rxfilename.IsGzip)
        {
            var gzip = new GunzipStream(file, rxfilename.Target, bounded: use == Use.Lines);
            Skip(gzip, rxfilename);
            return gzip;
        }

        if (rxfilename.Offset > 0)
        {
            if (file.CanSeek && rxfilename.Offset > file.Length)
            {
                var length = file.Length;
                file.Dispose();
                throw new InputException($"{rxfilename.Target}: expected at least {rxfilename.Offset} bytes, the file has {length}.");
            }

            file.Position = rxfilename.Offset;
        }

        return file;
    }

    private static FileStream OpenForReading(string path)
    {
        try
        {
            // Unbuffered, because KaldiReader has a buffer.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(UserError.Describe(e) ?? e.Message, e);
        }
    }

    private static void Skip(Stream stream, Rxfilename rxfilename)
    {
        var scratch = new byte[4096];
        for (var left = rxfilename.Offset; left > 0;)
        {
            var read = stream.Read(scratch, 0, (int)Math.Min(left, scratch.Length));
            if (read == 0)
                throw new InputException($"{rxfilename.Target}: expected at least {rxfilename.Offset} bytes after decompression.");

            left -= read;
        }
    }

    private static PipeStream OpenPipe(string command, KaldiIoOptions io)
    {
        if (!io.AllowPipes)
        {
            throw new InputException(
                $"'{command} |' is a command, and commands are not allowed here; name the file itself (.gz files are "
                + "decompressed), or allow pipes.");
        }

        return new PipeStream(PipeStream.Start(command, redirectInput: false), command, io.Warn);
    }

    private enum Use
    {
        Object,
        Archive,
        Lines,
    }
}
