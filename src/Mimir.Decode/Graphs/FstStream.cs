using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>Reads little-endian data with byte offsets for error messages; gzip is recognised by its magic bytes.</summary>
/// <param name="reader">The data, which is disposed with this object.</param>
internal sealed class FstStream(KaldiReader reader) : IDisposable
{
    /// <summary>Gets the offset of the next byte, in the unpacked data.</summary>
    public long Position => reader.Position;

    /// <summary>Opens a file.</summary>
    public static FstStream Open(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such graph", path);

        FileKinds.RequireReadable(path);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        Span<byte> magic = stackalloc byte[2];
        var packed = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
        file.Position = 0;
        return new FstStream(new KaldiReader(
            packed ? new BufferedStream(new GunzipStream(file, path, bounded: true), 1 << 16) : file, path));
    }

    /// <summary>Opens an extended file name: a file, <c>-</c> or a command.</summary>
    public static FstStream Open(string rxfilename, KaldiIoOptions? io)
    {
        var name = Rxfilename.Parse(rxfilename);
        return name is { Kind: RxKind.File, Offset: 0, Range: null } ? Open(name.Target) : new FstStream(KaldiReader.Open(rxfilename, io));
    }

    public int Int32()
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public long Int64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    public float Single() => BitConverter.Int32BitsToSingle(Int32());

    /// <summary>Reads a string with a 32-bit length before it.</summary>
    public string Text(string what)
    {
        var length = Int32();
        if (length is < 0 or > 1 << 16)
            throw Error($"expected the {what}, got a text of {length} bytes");

        var bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads records of a fixed layout. Memory grows with the data, not with the count in the header.</summary>
    public T[] Records<T>(long count, string what)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        if (count < 0 || count > Array.MaxLength || count > (reader.Remaining ?? long.MaxValue) / size)
            throw Error($"expected at most what is left of the file, got {count} {what} of {size} bytes");

        var records = new T[Math.Min(count, 1 << 16)];
        for (var done = 0; ;)
        {
            Fill(MemoryMarshal.AsBytes(records.AsSpan(done)));
            done = records.Length;
            if (done == count)
                return records;

            Array.Resize(ref records, (int)Math.Min(count, 2L * done));
        }
    }

    /// <summary>Skips to the next multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment)
    {
        Span<byte> padding = stackalloc byte[alignment];
        Fill(padding[..(int)((alignment - (Position % alignment)) % alignment)]);
    }

    public bool AtEnd() => reader.Peek() < 0;

    /// <summary>Reads compressed data to its end, so that all of it is checked.</summary>
    public void CheckRest()
    {
        if (reader.CanSeek)
            return;

        Span<byte> rest = stackalloc byte[1024];
        while (reader.ReadAtMost(rest) > 0)
        {
        }
    }

    public InputException Error(string message) => new($"{reader.Name}:{Position}: {message}");

    public void Dispose() => reader.Dispose();

    private void Fill(Span<byte> bytes)
    {
        if (reader.ReadAtMost(bytes) < bytes.Length)
            throw Error("expected more data, got the end of the file: it is truncated");
    }
}
