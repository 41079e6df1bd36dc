using System.Diagnostics;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// The output of a shell command. Reading its end fails when the command failed; a command that fails behind the data that was wanted
/// is warned of, as in Kaldi.
/// </summary>
internal sealed class PipeStream(Process process, string command, Action<string>? warn) : ForwardStream
{
    // The status of a shell whose command was ended because nobody reads any more.
    private const int PipeClosed = 128 + 13;

    private readonly Stream _output = process.StandardOutput.BaseStream;
    private bool _ended;

    /// <summary>Starts <c>/bin/sh -c command</c> with one end of a pipe.</summary>
    public static Process Start(string command, bool redirectInput)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            UseShellExecute = false,
            RedirectStandardInput = redirectInput,
            RedirectStandardOutput = !redirectInput,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        return Process.Start(start) ?? throw new IOException($"'{command}' could not be started.");
    }

    public override int Read(Span<byte> buffer)
    {
        var read = _output.Read(buffer);
        if (read == 0 && buffer.Length > 0 && !_ended)
        {
            _ended = true;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new IOException($"'{command}' failed with exit status {process.ExitCode}.");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Closing the pipe first lets a command that still writes end by itself.
            _output.Dispose();
            if (!_ended)
            {
                _ended = true;
                process.WaitForExit();
                if (process.ExitCode is not (0 or PipeClosed))
                    warn?.Invoke($"'{command} |' had nonzero return status {process.ExitCode}; the data before it is taken.");
            }

            process.Dispose();
        }

        base.Dispose(disposing);
    }
}
