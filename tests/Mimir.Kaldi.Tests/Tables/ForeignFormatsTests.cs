using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class ForeignFormatsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Htk_goes_round_through_an_archive()
    {
        var features = new FloatMatrix(2, 3, [1, -2, 3.5f, 4, 5, 1e-20f]);

        using (var writer = KaldiTables.HtkWith(new HtkHeader(100_000, HtkHeader.Mfcc | HtkHeader.WithC0)).Create($"ark:{_folder.At("h")}"))
        {
            writer.Write("a", features);
            writer.Write("b", features);
        }

        var read = KaldiTables.Htk.Read($"ark:{_folder.At("h")}").ToList();
        Assert.Equal(["a", "b"], read.Select(entry => entry.Key));
        Assert.All(read, entry => Assert.Equal(features.Data, entry.Value.Data));
        Assert.Equal(
            [97, 32, 0, 0, 0, 2, 0, 1, 0x86, 0xA0, 0, 12, 0x20, 6, 0x3F, 0x80], File.ReadAllBytes(_folder.At("h"))[..16]);
    }

    [Theory]
    [InlineData(1024 + 6, "compressed or quantised")]
    [InlineData(0, "waveform")]
    public void Htk_of_another_kind_is_refused(int kind, string message)
    {
        var path = _folder.Write("h", new byte[] { 0, 0, 0, 1, 0, 1, 0x86, 0xA0, 0, 4, (byte)(kind >> 8), (byte)kind, 0, 0, 0, 0 });

        var failure = Assert.Throws<InputException>(() => KaldiTables.Htk.ReadOne(path));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"{path}: byte 12", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Htk_with_a_checksum_leaves_the_reader_behind_it()
    {
        byte[] one = [0, 0, 0, 1, 0, 1, 0x86, 0xA0, 0, 4, 0x10, 9, 0x3F, 0x80, 0, 0, 12, 34];
        var path = _folder.Write("h", new byte[][] { "a "u8.ToArray(), one, "b "u8.ToArray(), one }.SelectMany(b => b).ToArray());

        Assert.Equal([1f, 1f], KaldiTables.Htk.Read($"ark:{path}").Select(entry => entry.Value[0, 0]));
    }

    [SharedDataFact]
    public void Htk_of_Kaldi_reads_as_the_features_it_was_made_of()
    {
        var script = _folder.Write("s", string.Concat(
            new[] { "a8k", "b8k", "c8k" }.Select(key => $"{key} {SharedData.At($"goldens/kaldi/features/post/{key}.htk")}\n")));

        using (var writer = KaldiTables.Matrix.Create($"ark:{_folder.At("o")}"))
        {
            foreach (var (key, features) in KaldiTables.Htk.Read($"scp:{script}"))
                writer.Write(key, features);
        }

        var want = SharedData.At("goldens/kaldi/features/out/compute-mfcc-feats.base.wav8k.ark");
        Assert.Equal(File.ReadAllBytes(want), File.ReadAllBytes(_folder.At("o")));
    }

    [Fact]
    public void Sphinx_is_read_in_either_byte_order()
    {
        var big = _folder.At("big");
        using (var writer = new BinaryWriter(File.Create(big)))
        {
            writer.Write(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(26));
            for (var i = 1; i <= 26; i++)
                writer.Write(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(i)));
        }

        KaldiTables.Sphinx.WriteOne(
            _folder.At("little"), new FloatMatrix(2, 13, [.. Enumerable.Range(1, 26).Select(i => (float)i)]));
        var script = _folder.Write("s", $"a {_folder.At("little")}\nb {big}\n");
        var read = KaldiTables.Sphinx.Read($"scp:{script}").ToList();

        Assert.Equal(2, read.Count);
        Assert.All(read, entry => Assert.Equal(Enumerable.Range(1, 26).Select(i => (float)i), entry.Value.Data));
    }
}
