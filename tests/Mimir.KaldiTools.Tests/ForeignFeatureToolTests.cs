using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests;

/// <summary>Features of HTK and Sphinx that go through Kaldi's programs.</summary>
public sealed class ForeignFeatureToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Htk_of_Kaldi_reads_as_the_features_it_was_made_of()
    {
        var script = _folder.Write("s", string.Concat(
            new[] { "a8k", "b8k", "c8k" }.Select(key => $"{key} {SharedData.At($"goldens/kaldi/features/post/{key}.htk")}\n")));
        var want = SharedData.At("goldens/kaldi/features/out/compute-mfcc-feats.base.wav8k.ark");

        var run = ToolRun.Of("copy-feats", "--htk-in=true", $"scp:{script}", $"ark:{_folder.At("o")}");

        Assert.Equal(0, run.Status);
        Assert.Equal(File.ReadAllBytes(want), File.ReadAllBytes(_folder.At("o")));
    }

    [Fact]
    public void Sphinx_is_read_in_either_byte_order()
    {
        var features = string.Join(' ', Enumerable.Range(1, 26).Select(i => i % 13 == 1 ? $"\n {i}" : $"{i}"));
        var archive = _folder.Write("f", $"a [ {features} ]\n");
        var big = _folder.At("big");
        using (var writer = new BinaryWriter(File.Create(big)))
        {
            writer.Write(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(26));
            for (var i = 1; i <= 26; i++)
                writer.Write(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(BitConverter.SingleToInt32Bits(i)));
        }

        var written = ToolRun.Of("copy-feats-to-sphinx", $"--output-dir={_folder.At("out")}", $"ark:{archive}");
        var script = _folder.Write("s", $"a {_folder.At("out/a.mfc")}\nb {big}\n");
        var read = KaldiTables.Sphinx.Read($"scp:{script}").ToList();

        Assert.Equal(0, written.Status);
        Assert.Equal(2, read.Count);
        Assert.All(read, entry => Assert.Equal(Enumerable.Range(1, 26).Select(i => (float)i), entry.Value.Data));
    }
}
