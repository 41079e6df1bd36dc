using System.Globalization;
using System.Runtime.InteropServices;

namespace Mimir.Decode.Lexicons;

/// <summary>Rewrites text from one script to another with the system's library ICU, whatever its version.</summary>
internal sealed class IcuTransliterator : SafeHandle
{
    private const int Newest = 99;
    private const int Oldest = 50;

    private readonly nint _library;
    private readonly TransformFunction _transform;
    private readonly CloseFunction _close;

    /// <summary>Opens a transliterator.</summary>
    /// <param name="id">ICU's name of it, such as <c>Han-Latin</c>.</param>
    /// <exception cref="FileNotFoundException">The system has no ICU, or ICU has none of that name.</exception>
    public IcuTransliterator(string id)
        : base(0, ownsHandle: true)
    {
        (_library, var suffix) = Load();
        var open = Function<OpenFunction>("utrans_openU", suffix);
        _transform = Function<TransformFunction>("utrans_transUChars", suffix);
        _close = Function<CloseFunction>("utrans_close", suffix);
        var error = 0;
        SetHandle(open(id, id.Length, 0, 0, -1, 0, ref error));
        if (error > 0)
            throw new FileNotFoundException($"ICU has no transliterator '{id}' (error {error})");
    }

    private delegate nint OpenFunction(
        [MarshalAs(UnmanagedType.LPWStr)] string id,
        int length,
        int direction,
        nint rules,
        int rulesLength,
        nint parseError,
        ref int error);

    private delegate void TransformFunction(
        nint transliterator, [In, Out] ushort[] text, ref int length, int capacity, int start, ref int limit, ref int error);

    private delegate void CloseFunction(nint transliterator);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>True when the system has ICU.</summary>
    public static bool IsInstalled => TryLoad() is not null;

    /// <summary>Rewrites a short text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="IOException">ICU reports an error.</exception>
    public string Apply(string text)
    {
        var buffer = new ushort[(16 * text.Length) + 64];
        for (var i = 0; i < text.Length; i++)
            buffer[i] = text[i];

        var (length, limit, error) = (text.Length, text.Length, 0);
        _transform(handle, buffer, ref length, buffer.Length, 0, ref limit, ref error);
        return error > 0
            ? throw new IOException($"ICU: error {error} with '{text}'")
            : new string([.. buffer.Take(length).Select(unit => (char)unit)]);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _close(handle);
        NativeLibrary.Free(_library);
        return true;
    }

    private static (nint Library, string Suffix) Load() => TryLoad() ?? throw new FileNotFoundException(
        "pinyin needs the library ICU, which this system lacks; install it (Debian: libicu72 or another version), or name a lexicon");

    // Names of files and functions have the version, but for Windows' own copy.
    private static (nint Library, string Suffix)? TryLoad()
    {
        if (OperatingSystem.IsWindows())
            return NativeLibrary.TryLoad("icu.dll", out var own) ? (own, "") : null;

        for (var version = Newest; version >= Oldest; version--)
        {
            var number = version.ToString(CultureInfo.InvariantCulture);
            if (NativeLibrary.TryLoad($"libicui18n.so.{number}", out var library))
                return (library, $"_{number}");
        }

        return null;
    }

    private T Function<T>(string name, string suffix)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name + suffix));
}
