using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;

namespace Mimir.Train.Reports;

/// <summary>Writes scalars to an event file that TensorBoard shows.</summary>
/// <remarks>
/// The file is a series of TFRecords: length (uint64), masked CRC of the length, data, masked CRC of the data, all
/// little-endian; the data is TensorFlow's <c>Event</c> message (event.proto, summary.proto), of which a few fields suffice.
/// </remarks>
public sealed class TensorBoardWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _time;

    /// <summary>Begins a new event file.</summary>
    /// <param name="folder">The folder, made when it is missing; TensorBoard shows all its files as one run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="resumedAt">
    /// The step that a resumed run goes on from; what earlier files hold from there on is done again, and TensorBoard forgets
    /// it. 0 for a new run.
    /// </param>
    public TensorBoardWriter(string folder, TimeProvider time, long resumedAt = 0)
    {
        _time = time;
        Directory.CreateDirectory(folder);
        _stream = Create(folder, time.GetUtcNow().ToUnixTimeSeconds());
        Write(0, output =>
        {
            output.WriteTag(EventField.FileVersion, WireFormat.WireType.LengthDelimited);
            output.WriteString("brain.Event:2");
        });
        if (resumedAt > 0)
            Write(resumedAt, output => Message(output, EventField.SessionLog, Start));
    }

    /// <summary>Writes a scalar.</summary>
    /// <param name="tag">Its name; a part before a slash groups charts (<c>loss/train</c>).</param>
    /// <param name="value">The value.</param>
    /// <param name="step">Its position on the horizontal axis, from 0.</param>
    public void Scalar(string tag, double value, long step) => Write(step, output =>
        Message(output, EventField.Summary, summary => Message(summary, SummaryField.Value, one =>
        {
            one.WriteTag(ValueField.Tag, WireFormat.WireType.LengthDelimited);
            one.WriteString(tag);
            one.WriteTag(ValueField.SimpleValue, WireFormat.WireType.Fixed32);
            one.WriteFloat((float)value);
        })));

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static FileStream Create(string folder, long second)
    {
        for (var copy = 0; ; copy++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"events.out.tfevents.{second:D10}.mimir.{copy}");
            var path = Path.Combine(folder, name);
            if (!File.Exists(path))
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 4096);
        }
    }

    private void Write(long step, Action<CodedOutputStream> what)
    {
        var now = _time.GetUtcNow();
        var data = Bytes(output =>
        {
            output.WriteTag(EventField.WallTime, WireFormat.WireType.Fixed64);
            output.WriteDouble((now - DateTimeOffset.UnixEpoch).TotalSeconds);
            output.WriteTag(EventField.Step, WireFormat.WireType.Varint);
            output.WriteInt64(step);
            what(output);
        });

        var record = new byte[12 + data.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Crc32C.Masked(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), Crc32C.Masked(data));
        _stream.Write(record);
        _stream.Flush();
    }

    private static void Start(CodedOutputStream session)
    {
        session.WriteTag(SessionField.Status, WireFormat.WireType.Varint);
        session.WriteEnum(1);
    }

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Bytes(content)));
    }

    private static byte[] Bytes(Action<CodedOutputStream> content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            content(output);
        return stream.ToArray();
    }

    private static class EventField
    {
        public const int WallTime = 1;
        public const int Step = 2;
        public const int FileVersion = 3;
        public const int Summary = 5;
        public const int SessionLog = 7;
    }

    private static class SummaryField
    {
        public const int Value = 1;
    }

    private static class ValueField
    {
        public const int Tag = 1;
        public const int SimpleValue = 2;
    }

    private static class SessionField
    {
        public const int Status = 1;
    }
}

/// <summary>The checksum of TFRecord files: CRC-32C (Castagnoli), rotated and offset.</summary>
internal static class Crc32C
{
    private const uint MaskOffset = 0xA282EAD8;

    /// <summary>The plain CRC-32C.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The CRC-32C as TFRecord stores it, so that a checksum over data with checksums in it stays sound.</summary>
    public static uint Masked(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Of(data), 15) + MaskOffset;
}
