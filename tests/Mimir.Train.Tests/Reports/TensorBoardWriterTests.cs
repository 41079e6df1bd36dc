using System.Buffers.Binary;
using Google.Protobuf;
using Mimir.Train.Reports;

namespace Mimir.Train.Tests.Reports;

public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-board").FullName;
    private readonly FakeTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Scalar_reads_back_with_sound_checksums()
    {
        using (var writer = new TensorBoardWriter(_folder, _time))
        {
            writer.Scalar("loss/train", 2.5, 300);
            _time.Advance(2);
            writer.Scalar("frame accuracy", double.NaN, 301);
        }

        var file = Assert.Single(Directory.GetFiles(_folder));
        var events = Records(File.ReadAllBytes(file)).Select(Event.Parse).ToList();
        var start = 1767323045.0;
        Assert.Contains("tfevents", Path.GetFileName(file));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(new Event(start, 300, null, "loss/train", 2.5f, 0), events[1]);
        Assert.Equal(new Event(start + 2, 301, null, "frame accuracy", float.NaN, 0), events[2]);
    }

    [Fact]
    public void A_resumed_run_begins_a_second_file_that_says_where()
    {
        new TensorBoardWriter(_folder, _time).Dispose();
        new TensorBoardWriter(_folder, _time, resumedAt: 40).Dispose();

        var files = Directory.GetFiles(_folder).Order(StringComparer.Ordinal).ToList();
        var last = Records(File.ReadAllBytes(files[1])).Select(Event.Parse).Last();

        Assert.Equal(2, files.Count);
        Assert.Equal((40, 1), (last.Step, last.Session));
    }

    [Fact]
    public void Crc_of_the_check_string_is_the_published_one()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(Bitwise("123456789"u8), Crc32C.Of("123456789"u8));
    }

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            var data = file.AsSpan(at + 12, length).ToArray();
            Assert.Equal(Mask(Bitwise(file.AsSpan(at, 8))), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            Assert.Equal(Mask(Bitwise(data)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            at += 16 + length;
            yield return data;
        }
    }

    private static uint Mask(uint crc) => ((crc >> 15) | (crc << 17)) + 0xA282EAD8;

    private static uint Bitwise(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
        }

        return ~crc;
    }

    private sealed record Event(double Time, long Step, string? Version, string? Tag, float Value, int Session)
    {
        public static Event Parse(byte[] data)
        {
            var result = new Event(0, 0, null, null, 0, 0);
            var input = new CodedInputStream(data);
            for (uint tag; (tag = input.ReadTag()) != 0;)
            {
                result = (tag >> 3) switch
                {
                    1 => result with { Time = input.ReadDouble() },
                    2 => result with { Step = input.ReadInt64() },
                    3 => result with { Version = input.ReadString() },
                    5 => Summary(result, input.ReadBytes().ToByteArray()),
                    7 => result with { Session = SessionOf(input.ReadBytes().ToByteArray()) },
                    _ => throw new InvalidOperationException($"field {tag >> 3}"),
                };
            }

            return result;
        }

        private static Event Summary(Event result, byte[] data)
        {
            var summary = new CodedInputStream(data);
            Assert.Equal(1u, summary.ReadTag() >> 3);
            var value = new CodedInputStream(summary.ReadBytes().ToByteArray());
            Assert.Equal(1u, value.ReadTag() >> 3);
            result = result with { Tag = value.ReadString() };
            Assert.Equal(2u, value.ReadTag() >> 3);
            return result with { Value = value.ReadFloat() };
        }

        private static int SessionOf(byte[] data)
        {
            var session = new CodedInputStream(data);
            Assert.Equal(1u, session.ReadTag() >> 3);
            return session.ReadEnum();
        }
    }
}
