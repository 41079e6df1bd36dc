using System.IO.Compression;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Decode.Scoring;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Graphs;

/// <summary>Damaged graphs, symbol tables and transcripts give values or a message, and nothing worse.</summary>
public sealed class MutationTests(ITestOutputHelper console) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-fst-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_of_mutated_graphs_gives_values_or_a_message(bool symbols)
    {
        var path = WriteGraph(symbols);

        Try(symbols ? "FST with symbols" : "FST vector", File.ReadAllBytes(path), file => FstReader.Read(file));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_of_mutated_tables_of_graphs_gives_values_or_a_message(bool binary)
    {
        var path = Path.Combine(_folder, "fsts.ark");
        using (var table = FstTables.Vector.Create(binary ? $"ark:{path}" : $"ark,t:{path}"))
        {
            table.Write("one", VectorFstTests.Some());
            table.Write("two", VectorFstTests.Some());
        }

        Try(binary ? "FST table" : "FST table, text", File.ReadAllBytes(path), file => _ = FstTables.Vector.Read($"ark:{file}").Count());
    }

    [Fact]
    public void Read_of_mutated_pronunciations_gives_entries_or_a_message() =>
        Try("align_lexicon", "0 0 1\n5 5 2 3\n6 6 2\n6 6 4 4\n"u8.ToArray(), file => AlignLexicon.Read(file));

    [Fact]
    public void Read_of_mutated_constant_graphs_gives_values_or_a_message() =>
        Try("FST const", FstReaderTests.Const(), file => FstReader.Read(file));

    [Fact]
    public void Read_of_mutated_gzip_gives_values_or_a_message()
    {
        var path = WriteGraph(symbols: true);
        Try("FST gz", Pack(File.ReadAllBytes(path)), file => FstReader.Read(file), "g.fst.gz");
    }

    [Fact]
    public void Read_of_mutated_graphs_within_whole_gzip_gives_values_or_a_message() =>
        Try("FST in gz", File.ReadAllBytes(WriteGraph(symbols: true)), file => FstReader.Read(file), "g.fst.gz", Pack);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decoding_with_mutated_graphs_ends_with_values_or_a_message(bool loops)
    {
        var scores = RandomGraphs.Scores(new Random(1), frames: 8, pdfs: 4);
        var path = Path.Combine(_folder, "d.fst");
        var builder = RandomGraphs.Builder(new Random(2), states: 6, transitions: 5, words: 3);
        if (loops)
        {
            builder.AddArc(1, new FstArc(0, 1, 0.5f, 3));
            builder.AddArc(3, new FstArc(0, 0, -0.25f, 1));
            builder.AddArc(2, new FstArc(0, 2, 0, 2));
        }

        FstWriter.Write(path, builder.Build());
        Try(loops ? "FST with loops, decoded" : "FST decoded", File.ReadAllBytes(path), file =>
        {
            var graph = FstReader.Read(file);
            if (graph.Start >= 0 && graph.MaxInput() < 6)
                new LatticeDecoder(graph, [-1, 0, 1, 2, 0, 3], new DecoderOptions()).Decode(scores);
        });
    }

    [Fact]
    public void Read_of_mutated_texts_gives_values_or_a_message()
    {
        Try("symbol table", "<eps> 0\none 1\ntwo 2\n"u8.ToArray(), file => SymbolTable.Read(file));
        Try("transcripts", "a one two\nb\nc three\n"u8.ToArray(), file => Transcripts.Read(file));
        Try("lexicon", "one n i1\ntwo t u2\n"u8.ToArray(), file => SyllableErrorRate.Read(file, tones: true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_of_mutated_context_labels_gives_values_or_a_message(bool binary)
    {
        var path = Path.Combine(_folder, "ilabels");
        new ContextLabels([[], [0], [-3], [0, 1, 2], [1, 2, 0]]).Write(path, binary);

        Try(binary ? "context labels" : "context labels, text", File.ReadAllBytes(path), file => ContextLabels.Read(file));
    }

    private string WriteGraph(bool symbols)
    {
        var table = new SymbolTable();
        table.TryAdd("<eps>", 0);
        table.TryAdd("three", 3);
        var builder = FstReaderTests.Vector();
        var path = Path.Combine(_folder, "g.fst");
        FstWriter.Write(path, symbols ? builder.Build(table, table) : builder.Build());
        return path;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(content);

        return packed.ToArray();
    }

    private void Try(
        string format, byte[] whole, Action<string> read, string fileName = "damaged", Func<byte[], byte[]>? pack = null) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, fileName, pack: pack)}");
}
