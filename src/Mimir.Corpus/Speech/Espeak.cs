using System.Runtime.InteropServices;

namespace Mimir.Corpus.Speech;

/// <summary>The functions of espeak-ng's speak_lib.h that synthesise into memory, in its order.</summary>
/// <remarks>
/// Functions are pointers into a given copy of the library instead of <c>LibraryImport</c>: the library keeps its state (noise,
/// flutter, phases) in globals that only loading it again resets; without that no output is repeatable.
/// </remarks>
internal sealed unsafe class Espeak
{
    public const int EventListTerminated = 0;
    public const int EventPhoneme = 7;
    public const int ParameterRate = 1;
    public const int ParameterPitch = 3;
    public const int ParameterRange = 4;
    public const int ParameterWordGap = 7;

    private const int AudioOutputSynchronous = 2;
    private const int InitializePhonemeEvents = 0x0001;
    private const int InitializeDontExit = 0x8000;
    private const uint CharsUtf8 = 1;
    private const int PositionCharacter = 1;

    private readonly delegate* unmanaged<int, int, byte*, int, int> _initialize;
    private readonly delegate* unmanaged<delegate* unmanaged<short*, int, espeak_EVENT*, int>, void> _setSynthCallback;
    private readonly delegate* unmanaged<byte*, nuint, uint, int, uint, uint, uint*, void*, int> _synth;
    private readonly delegate* unmanaged<int, int, int, int> _setParameter;
    private readonly delegate* unmanaged<byte*, int> _setVoiceByName;
    private readonly delegate* unmanaged<byte**, byte*> _info;

    /// <summary>Resolves the functions of a loaded library.</summary>
    /// <param name="library">A handle of <see cref="NativeLibrary"/>, which must outlive this object.</param>
    public Espeak(nint library)
    {
        _initialize = (delegate* unmanaged<int, int, byte*, int, int>)NativeLibrary.GetExport(library, "espeak_Initialize");
        _setSynthCallback = (delegate* unmanaged<delegate* unmanaged<short*, int, espeak_EVENT*, int>, void>)
            NativeLibrary.GetExport(library, "espeak_SetSynthCallback");
        _synth = (delegate* unmanaged<byte*, nuint, uint, int, uint, uint, uint*, void*, int>)
            NativeLibrary.GetExport(library, "espeak_Synth");
        _setParameter = (delegate* unmanaged<int, int, int, int>)NativeLibrary.GetExport(library, "espeak_SetParameter");
        _setVoiceByName = (delegate* unmanaged<byte*, int>)NativeLibrary.GetExport(library, "espeak_SetVoiceByName");
        _info = (delegate* unmanaged<byte**, byte*>)NativeLibrary.GetExport(library, "espeak_Info");
    }

    /// <summary>Loads the voice data. Returns the sample rate in hertz, or -1 when there is no data.</summary>
    public int Initialize() => _initialize(AudioOutputSynchronous, 0, null, InitializePhonemeEvents | InitializeDontExit);

    /// <summary>Sets the function that receives samples and events.</summary>
    public void SetCallback(delegate* unmanaged<short*, int, espeak_EVENT*, int> callback) => _setSynthCallback(callback);

    /// <summary>Sets a parameter to an absolute value. Returns 0 on success.</summary>
    public int SetParameter(int parameter, int value) => _setParameter(parameter, value, 0);

    /// <summary>The folder of the voice data, known once the library is initialised.</summary>
    public string DataFolder()
    {
        byte* path = null;
        _ = _info(&path);
        return Marshal.PtrToStringUTF8((nint)path) ?? "";
    }

    /// <summary>Chooses <c>language+variant</c>. Returns 0 on success; a missing variant is ignored.</summary>
    public int SetVoice(string name)
    {
        fixed (byte* utf8 = Terminated(name))
            return _setVoiceByName(utf8);
    }

    /// <summary>Synthesises a text through the callback. Returns 0 on success.</summary>
    public int Synthesise(string text)
    {
        var bytes = Terminated(text);
        fixed (byte* utf8 = bytes)
            return _synth(utf8, (nuint)bytes.Length, 0, PositionCharacter, 0, CharsUtf8, null, null);
    }

    private static byte[] Terminated(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text), 0];
}

/// <summary>An event of the synthesiser at a sample.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct espeak_EVENT
{
    public int type;
    public uint unique_identifier;
    public int text_position;
    public int length;
    public int audio_position;
    public int sample;
    public void* user_data;
    public fixed byte id[8];
}
