using System.Runtime.InteropServices;

namespace Mimir.Corpus.Speech;

/// <summary>A private copy of libespeak-ng in memory, with its own fresh globals.</summary>
internal sealed partial class EspeakLibrary : SafeHandle
{
    private const string FileName = "libespeak-ng.so.1";

    private EspeakLibrary(nint library)
        : base(0, ownsHandle: true)
    {
        SetHandle(library);
        Functions = new Espeak(library);
    }

    /// <summary>Gets the functions of this copy.</summary>
    public Espeak Functions { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>True when the library is installed.</summary>
    public static bool IsInstalled => NativeLibrary.TryLoad(FileName, out _);

    /// <summary>Loads a copy that shares nothing with earlier ones.</summary>
    /// <exception cref="FileNotFoundException">The system has no libespeak-ng.</exception>
    /// <exception cref="IOException">The temporary folder allows no programs.</exception>
    public static EspeakLibrary Load()
    {
        // The loader identifies a library by its file: another file has its own globals.
        var copy = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}-{FileName}");
        try
        {
            File.Copy(Locate(), copy);
            return new EspeakLibrary(NativeLibrary.Load(copy));
        }
        catch (DllNotFoundException error)
        {
            throw new IOException(
                $"{copy}: a copy of {FileName} cannot be loaded from there; let TMPDIR name a folder that is not mounted noexec.",
                error);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    /// <summary>Seeds the C library's <c>rand</c>, the source of the library's noise.</summary>
    public static void SeedNoise(uint seed) => srand(seed);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeLibrary.Free(handle);
        return true;
    }

    private static string Locate()
    {
        if (NativeLibrary.TryLoad(FileName, out _))
        {
            foreach (var mapping in File.ReadLines("/proc/self/maps"))
            {
                var path = mapping.IndexOf('/', StringComparison.Ordinal);
                if (path >= 0 && mapping.AsSpan(path).Contains("/libespeak-ng.so", StringComparison.Ordinal))
                    return mapping[path..];
            }
        }

        throw new FileNotFoundException(
            $"{FileName}: not found; to speak a corpus install the Debian packages libespeak-ng1 and espeak-ng-data.");
    }

    [LibraryImport("libc")]
    private static partial void srand(uint seed);
}
