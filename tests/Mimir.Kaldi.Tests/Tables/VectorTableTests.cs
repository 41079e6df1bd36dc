using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class VectorTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Write_of_vectors_reads_back(string kind)
    {
        using (var writer = KaldiTables.FloatVector.Create($"{kind}:{_folder.At("f")}"))
            writer.Write("u", [1, -2.5f, 1e-30f, float.NegativeInfinity]);
        using (var writer = KaldiTables.IntVector.Create($"{kind}:{_folder.At("i")}"))
        {
            writer.Write("u", [1, -2, int.MaxValue]);
            writer.Write("none", []);
        }

        Assert.Equal([1, -2.5f, 1e-30f, float.NegativeInfinity], KaldiTables.FloatVector.Read($"ark:{_folder.At("f")}").Single().Value);
        var read = KaldiTables.IntVector.Read($"ark:{_folder.At("i")}").ToList();
        Assert.Equal([1, -2, int.MaxValue], read[0].Value);
        Assert.Empty(read[1].Value);
    }

    [SharedDataFact]
    public void Writer_copies_kaldis_alignments_byte_for_byte()
    {
        var golden = SharedData.At("goldens/kaldi/exp/tri1/ali.1.gz");
        using (var writer = KaldiTables.IntVector.Create($"ark,t:{_folder.At("ali")}"))
        {
            foreach (var (key, value) in KaldiTables.IntVector.Read($"ark:{golden}"))
                writer.Write(key, value);
        }

        using var text = new StreamReader(KaldiInput.Open(golden));
        Assert.Equal(text.ReadToEnd(), File.ReadAllText(_folder.At("ali")));
    }

    [Fact]
    public void Read_of_tokens_gives_words()
    {
        var file = _folder.Write("spk2utt", "s1 a b\ns2 c\n");

        Assert.Equal(["a", "b"], KaldiTables.TokenVector.Read($"ark:{file}").First().Value);
        Assert.Equal(1.25f, KaldiTables.FloatScalar.Read($"ark:{_folder.Write("warp", "u 1.25\nv 1\n")}").First().Value);
    }

    [Fact]
    public void Read_of_script_keeps_file_order_and_refuses_a_key_alone()
    {
        var entries = ScriptFile.Read(_folder.Write("a.scp", "b x y.ark:4\na  z\n"));

        Assert.Equal([new ScriptEntry("b", "x y.ark:4", 1), new ScriptEntry("a", "z", 2)], entries);
        var error = Assert.Throws<InputException>(() => ScriptFile.Read(_folder.Write("b.scp", "a x\nutt7\n")));
        Assert.EndsWith("b.scp:2: expected 'key path' or 'key path:offset', got 'utt7'.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Pairs_and_words_go_round(string kind)
    {
        using (var writer = KaldiTables.IntPairVector.Create($"{kind}:{_folder.At("p")}"))
            writer.Write("a", [(5, 2), (7, 1)]);
        using (var writer = KaldiTables.TokenVector.Create($"ark,t:{_folder.At("w")}"))
            writer.Write("s", ["a", "b"]);

        Assert.Equal([(5, 2), (7, 1)], KaldiTables.IntPairVector.Read($"ark:{_folder.At("p")}").Single().Value);
        Assert.Equal(["a", "b"], KaldiTables.TokenVector.Read($"ark:{_folder.At("w")}").Single().Value);
    }

    [Fact]
    public void Pairs_that_end_early_are_refused()
    {
        var path = _folder.Write("p", "a 1 2 ; 3\n");

        var error = Assert.Throws<InputException>(() => KaldiTables.IntPairVector.Read($"ark:{path}").Count());

        Assert.Contains("pairs of integers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_holder_of_ones_own_makes_a_table()
    {
        var table = new Table<Guid>(new GuidHolder());
        using (var writer = table.Create($"ark,scp:{_folder.At("g.ark")},{_folder.At("g.scp")}"))
            writer.Write("a", Guid.Empty);

        using var random = table.Open($"scp:{_folder.At("g.scp")}");
        Assert.True(random.TryGet("a", out var value));
        Assert.Equal(Guid.Empty, value);
        var refused = Assert.Throws<InputException>(() => table.Create($"ark,t:{_folder.At("t")}"));
        Assert.Contains("option t", refused.Message, StringComparison.Ordinal);
    }

    private sealed class GuidHolder : Holder<Guid>
    {
        public override bool HasText => false;

        public override Guid Read(KaldiReader reader, bool binary)
        {
            var bytes = new byte[16];
            reader.ReadBytes(bytes);
            return new Guid(bytes);
        }

        public override void Write(KaldiWriter writer, Guid value) => writer.WriteRaw(value.ToByteArray());
    }
}
