using System.IO.Compression;
using Mimir.Decode.Graphs;
using Mimir.Decode.Scoring;
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

    [Fact]
    public void Read_of_mutated_constant_graphs_gives_values_or_a_message() =>
        Try("FST const", FstReaderTests.Const(), file => FstReader.Read(file));

    [Fact]
    public void Read_of_mutated_gzip_gives_values_or_a_message()
    {
        var path = WriteGraph(symbols: true);
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(File.ReadAllBytes(path));

        Try("FST gz", packed.ToArray(), file => FstReader.Read(file), "g.fst.gz");
    }

    [Fact]
    public void Read_of_mutated_texts_gives_values_or_a_message()
    {
        Try("symbol table", "<eps> 0\none 1\ntwo 2\n"u8.ToArray(), file => SymbolTable.Read(file));
        Try("transcripts", "a one two\nb\nc three\n"u8.ToArray(), file => Transcripts.Read(file));
        Try("lexicon", "one n i1\ntwo t u2\n"u8.ToArray(), file => SyllableErrorRate.Read(file, tones: true));
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

    private void Try(string format, byte[] whole, Action<string> read, string fileName = "damaged") =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, fileName)}");
}
