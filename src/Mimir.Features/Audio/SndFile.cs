using System.Reflection;
using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Features.Audio;

/// <summary>The functions of libsndfile 1.0.28 or later that Mimir uses, in the order of <c>sndfile.h</c>.</summary>
internal static partial class SndFile
{
    internal const int ReadMode = 0x10;
    internal const int WriteMode = 0x20;
    internal const int Flac = 0x170000;
    internal const int Pcm16 = 0x0002;

    private const string Library = "sndfile";

    // The path of a copy that is not installed, for users who may not install packages.
    private const string Variable = "MIMIR_LIBSNDFILE";

    static SndFile() => NativeLibrary.SetDllImportResolver(typeof(SndFile).Assembly, Resolve);

    [LibraryImport(Library)]
    internal static unsafe partial SndFileHandle sf_open_virtual(
        VirtualIo* io, int mode, ref SoundInfo info, nint user);

    [LibraryImport(Library)]
    internal static partial nint sf_strerror(nint file);

    [LibraryImport(Library)]
    internal static partial nint sf_strerror(SndFileHandle file);

    [LibraryImport(Library)]
    internal static partial long sf_seek(SndFileHandle file, long frames, int whence);

    [LibraryImport(Library)]
    internal static partial long sf_readf_float(SndFileHandle file, Span<float> samples, long frames);

    [LibraryImport(Library)]
    internal static partial long sf_writef_short(SndFileHandle file, ReadOnlySpan<short> samples, long frames);

    [LibraryImport(Library)]
    internal static partial int sf_close(nint file);

    /// <summary>The error message of libsndfile for the last failed open (no file) or for a file.</summary>
    internal static string Message(SndFileHandle? file = null) =>
        Marshal.PtrToStringUTF8(file is null ? sf_strerror(0) : sf_strerror(file)) ?? "no message";

    // Debian installs the plain name only with the development package; so versioned names come first.
    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library)
            return 0;

        string[] installed = ["libsndfile.so.1", "libsndfile.1.dylib", "sndfile.dll", "libsndfile-1.dll", "sndfile"];
        var named = Environment.GetEnvironmentVariable(Variable);
        foreach (var candidate in string.IsNullOrEmpty(named) ? installed : [named])
        {
            if (NativeLibrary.TryLoad(candidate, assembly, search, out var handle))
                return handle;
        }

        throw new InputException(
            "this audio needs libsndfile (only WAV does without it), which was not found"
            + $"{(string.IsNullOrEmpty(named) ? "" : $" at '{named}' ({Variable})")}: install it (Debian: apt-get install libsndfile1; "
            + $"macOS: brew install libsndfile), or set {Variable} to the path of a copy.");
    }
}

/// <summary>libsndfile's <c>SF_INFO</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SoundInfo
{
    public long Frames;
    public int SampleRate;
    public int Channels;
    public int Format;
    public int Sections;
    public int Seekable;
}

/// <summary>Owns one open <c>SNDFILE</c>.</summary>
internal sealed class SndFileHandle : SafeHandle
{
    /// <summary>Creates an empty handle for the marshaller to fill in.</summary>
    public SndFileHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => SndFile.sf_close(handle) == 0;
}
