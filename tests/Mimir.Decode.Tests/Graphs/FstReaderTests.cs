using System.Globalization;
using System.IO.Compression;
using System.Text;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Graphs;

public sealed class FstReaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-fst-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SharedDataTheory]
    [InlineData("goldens/kaldi/exp/tri1/HCLG.fst.gz", "goldens/kaldi/exp/tri1/HCLG.fst.txt.gz", false)]
    [InlineData("goldens/kaldi/exp/mono/HCLG.fst.gz", "goldens/kaldi/exp/mono/HCLG.fst.txt.gz", false)]
    [InlineData("goldens/kaldi/exp/lang/L_disambig.fst", "goldens/kaldi/exp/lang/L_disambig.fst.txt", true)]
    public void Read_kaldis_graphs_gives_what_fstprint_prints(string binary, string text, bool symbols)
    {
        var fst = FstReader.Read(SharedData.At(binary));

        var phones = symbols ? SymbolTable.Read(SharedData.At("goldens/kaldi/exp/lang/phones.txt")) : null;
        var words = symbols ? SymbolTable.Read(SharedData.At("goldens/kaldi/exp/lang/words.txt")) : null;
        var expected = TextGolden.Lines(SharedData.At(text)).Select(line => Normal(line, phones, words));
        var actual = Enumerable.Range(0, fst.StateCount).SelectMany(state => Print(fst, state));
        Assert.Equal(expected.Order(), actual.Order());
    }

    [SharedDataFact]
    public void Read_vector_graph_gives_grammar()
    {
        var fst = FstReader.Read(SharedData.At("goldens/kaldi/exp/lang/G.fst"));

        Assert.Equal(0, fst.Start);
        Assert.Equal(1, fst.StateCount);
        Assert.Equal(10, fst.ArcCount);
    }

    [SharedDataFact]
    public void Read_aishell_graph_gives_all_states_and_arcs()
    {
        var fst = FstReader.Read(SharedData.At("corpora/aishell-sample/graph/HCLG.fst.gz"));

        Assert.Equal(0x2545b, fst.StateCount);
        Assert.Equal(0x6614b, fst.ArcCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_written_graph_gives_the_same_graph(bool gzip)
    {
        var symbols = new SymbolTable();
        symbols.TryAdd("<eps>", 0);
        symbols.TryAdd("三", 3);
        var path = Path.Combine(_folder, "g.fst");

        FstWriter.Write(path, Vector().Build(outputSymbols: symbols));
        var fst = FstReader.Read(gzip ? Gzip(path) : path);

        Assert.Equal(1, fst.Start);
        Assert.Equal([new FstArc(7, 0, 1.5f, 0), new FstArc(0, 3, 0.5f, 2)], fst.Arcs(1).ToArray());
        Assert.Equal([new FstArc(0, 3, 0.5f, 2)], fst.Epsilons(1).ToArray());
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity, 0.25f], new[] { fst.Final(0), fst.Final(1), fst.Final(2) });
        Assert.Null(fst.InputSymbols);
        Assert.Equal("三", fst.OutputSymbols!.SymbolOf(3));
    }

    [Fact]
    public void Read_aligned_const_graph_with_log_arcs_skips_the_padding()
    {
        var path = Path.Combine(_folder, "const.fst");
        File.WriteAllBytes(path, Const());

        var fst = FstReader.Read(path);

        Assert.Equal([new FstArc(1, 2, 3, 1)], fst.Arcs(0).ToArray());
        Assert.Equal(4, fst.Final(1));
    }

    [Theory]
    [InlineData(float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Read_of_a_weight_that_is_not_finite_names_the_state(float weight)
    {
        var path = Path.Combine(_folder, "g.fst");
        var bytes = Const();
        var place = bytes.AsSpan().LastIndexOf(BitConverter.GetBytes(3f));
        BitConverter.GetBytes(weight).CopyTo(bytes, place);
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<InputException>(() => FstReader.Read(path));

        Assert.Contains("state 0: expected an arc", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_cut_at_any_byte_fails_with_the_place()
    {
        var whole = Const();
        var path = Path.Combine(_folder, "cut.fst");
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);

            var failure = Assert.Throws<InputException>(() => FstReader.Read(path));

            Assert.StartsWith($"{path}:", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_absurd_counts_allocates_nothing_and_fails()
    {
        var path = Path.Combine(_folder, "absurd.fst");
        for (var at = 30; at < 60; at++)
        {
            var corrupt = Const();
            corrupt.AsSpan(at, 4).Fill(0x7f);
            File.WriteAllBytes(path, corrupt);

            var failure = Record.Exception(() => FstReader.Read(path));

            Assert.True(failure is null or InputException, failure?.ToString());
        }
    }

    [Fact]
    public void Read_missing_file_says_which()
    {
        var failure = Assert.Throws<FileNotFoundException>(() => FstReader.Read("/nowhere/HCLG.fst"));

        Assert.Contains("/nowhere/HCLG.fst", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Three states and two arcs, that of more weight first.</summary>
    internal static FstBuilder Vector()
    {
        var builder = new FstBuilder();
        for (var i = 0; i < 3; i++)
            builder.AddState();
        builder.Start = 1;
        builder.AddArc(1, new FstArc(0, 3, 0.5f, 2));
        builder.AddArc(1, new FstArc(7, 0, 1.5f, 0));
        builder.SetFinal(2, 0.25f);
        return builder;
    }

    /// <summary>Two states, one arc, as OpenFst writes an aligned const transducer over the log semiring.</summary>
    internal static byte[] Const()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(2125659606);
        foreach (var text in new[] { "const", "log" })
        {
            writer.Write(text.Length);
            writer.Write(Encoding.ASCII.GetBytes(text));
        }

        writer.Write(2);
        writer.Write(4);
        writer.Write(0L);
        writer.Write(0L);
        writer.Write(2L);
        writer.Write(1L);
        Pad();
        foreach (var (final, position, arcs) in new[] { (float.PositiveInfinity, 0u, 1u), (4f, 1u, 0u) })
        {
            writer.Write(final);
            writer.Write(position);
            writer.Write(arcs);
            writer.Write(0u);
            writer.Write(0u);
        }

        Pad();
        writer.Write(1);
        writer.Write(2);
        writer.Write(3f);
        writer.Write(1);
        return bytes.ToArray();

        void Pad()
        {
            while (bytes.Length % 16 != 0)
                writer.Write((byte)0);
        }
    }

    private static string Gzip(string path)
    {
        using var packed = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
        packed.Write(File.ReadAllBytes(path));
        return path + ".gz";
    }

    private static IEnumerable<string> Print(Fst fst, int state)
    {
        foreach (var arc in fst.Arcs(state).ToArray())
            yield return Line(state, arc.Next, arc.Input, arc.Output, arc.Weight);

        if (!float.IsPositiveInfinity(fst.Final(state)))
            yield return string.Create(CultureInfo.InvariantCulture, $"{state} {fst.Final(state):F4}");
    }

    private static string Normal(string line, SymbolTable? phones, SymbolTable? words)
    {
        var fields = line.Split('\t');
        var state = int.Parse(fields[0], CultureInfo.InvariantCulture);
        if (fields.Length < 3)
            return string.Create(CultureInfo.InvariantCulture, $"{state} {Number(fields.ElementAtOrDefault(1)):F4}");

        var input = int.TryParse(fields[2], CultureInfo.InvariantCulture, out var i) ? i : Label(phones, fields[2]);
        var output = int.TryParse(fields[3], CultureInfo.InvariantCulture, out var o) ? o : Label(words, fields[3]);
        var next = int.Parse(fields[1], CultureInfo.InvariantCulture);
        return Line(state, next, input, output, Number(fields.ElementAtOrDefault(4)));
    }

    private static int Label(SymbolTable? symbols, string name) =>
        symbols!.Entries.Where(entry => entry.Key == name).Select(entry => entry.Value).DefaultIfEmpty(-1).Single();

    private static float Number(string? text) => text is null ? 0 : float.Parse(text, CultureInfo.InvariantCulture);

    private static string Line(int state, int next, int input, int output, float weight) =>
        string.Create(CultureInfo.InvariantCulture, $"{state} {next} {input} {output} {weight + 0f:F4}");
}
