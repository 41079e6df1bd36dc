using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Features.Audio;

/// <summary>
/// One libsndfile session over a seekable stream; disposing it finishes the file and leaves the stream open.
/// </summary>
internal sealed unsafe class SoundStream : IDisposable
{
    private readonly StreamBridge _bridge;
    private readonly string _name;
    private readonly SndFileHandle _file;
    private readonly SoundInfo _info;
    private GCHandle<StreamBridge> _user;

    private SoundStream(Stream stream, string name, int mode, SoundInfo info, string remedy)
    {
        _bridge = new StreamBridge(stream);
        _name = name;
        _user = new GCHandle<StreamBridge>(_bridge);
        var io = VirtualIo.OfStream();
        try
        {
            _file = SndFile.sf_open_virtual(&io, mode, ref info, GCHandle<StreamBridge>.ToIntPtr(_user));
        }
        catch (InputException missing)
        {
            _user.Dispose();
            throw new InputException($"{name}: {missing.Message}", missing);
        }

        _info = info;
        if (!_file.IsInvalid)
            return;

        _user.Dispose();
        _bridge.ThrowIfFailed();
        throw new InputException($"{name}: {SndFile.Message().TrimEnd('.')}; {remedy}");
    }

    /// <summary>Gets the header.</summary>
    public SoundInfo Info => _info;

    /// <summary>Opens audio for reading.</summary>
    public static SoundStream Read(Stream stream, string name) => new(
        stream, name, SndFile.ReadMode, default,
        "expected audio that libsndfile reads (WAV, FLAC, OGG, uncompressed SPHERE); convert it with sox or sph2pipe.");

    /// <summary>Starts a file in a format of libsndfile's: a container and an encoding of samples.</summary>
    public static SoundStream Write(Stream stream, string name, int format, int channels, int sampleRate) => new(
        stream,
        name,
        SndFile.WriteMode,
        new SoundInfo { Format = format, Channels = channels, SampleRate = sampleRate },
        $"{channels} channels at {sampleRate} Hz cannot be written in this format.");

    /// <summary>Seeks to a frame, counted from the start.</summary>
    public void Seek(long frame)
    {
        if (SndFile.sf_seek(_file, frame, 0) != frame)
            Fail($"cannot go to frame {frame}");
    }

    /// <summary>Reads interleaved samples in [-1, 1).</summary>
    /// <returns>The number of frames read, fewer than asked for at the end of the file.</returns>
    public long ReadFrames(Span<float> samples, long frames)
    {
        var got = SndFile.sf_readf_float(_file, samples, frames);
        _bridge.ThrowIfFailed();
        return got;
    }

    /// <summary>Writes interleaved samples.</summary>
    public void WriteFrames(ReadOnlySpan<short> samples)
    {
        var frames = samples.Length / _info.Channels;
        if (SndFile.sf_writef_short(_file, samples, frames) != frames)
            Fail("cannot be written");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        if (_user.IsAllocated)
            _user.Dispose();
    }

    /// <summary>Completes a written file and throws the error of the stream, if there was one.</summary>
    public void Finish()
    {
        Dispose();
        _bridge.ThrowIfFailed();
    }

    private void Fail(string what)
    {
        _bridge.ThrowIfFailed();
        throw new IOException($"{_name}: {what}: {SndFile.Message(_file)}");
    }
}
