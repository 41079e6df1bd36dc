using Microsoft.Win32.SafeHandles;

namespace Mimir.Kaldi.Tables;

/// <summary>The standard output, which says when nobody reads it any more.</summary>
internal static class StandardOutput
{
    private const int Handle = 1;

    /// <summary>What <c>-</c> writes.</summary>
    public static Stream Open(KaldiIoOptions options)
    {
        if (options.StandardOutput is { } given)
            return given;

        // The console's own stream swallows a broken pipe, and a program before 'head' would go on to its end. A file keeps
        // that stream, because it shares its position with the programs that write to it before and after.
        var raw = new FileStream(new SafeFileHandle(Handle, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return raw.CanSeek ? Console.OpenStandardOutput() : raw;
    }
}
