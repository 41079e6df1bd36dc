using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>Damaged scripts, tables, data directories, alignments and features of other toolkits.</summary>
public sealed class DamagedFormatTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("scp")]
    [InlineData("random scp")]
    public void Scripts_with_ranges(string kind)
    {
        using (var writer = KaldiTables.Matrix.Create($"ark:{_folder.At("m.ark")}"))
            writer.Write("a", new FloatMatrix(12, 6));
        var script = $"a {_folder.At("m.ark")}:2\nb {_folder.At("m.ark")}:2[0:9,2:5]\nc {_folder.At("m.ark")}:2[3:13]\n";

        Try($"{kind} with ranges", System.Text.Encoding.ASCII.GetBytes(script), path =>
        {
            var io = new KaldiIoOptions { StandardInput = Stream.Null };
            if (kind == "scp")
            {
                Walk(KaldiTables.Matrix.Read($"scp:{path}", io));
                return;
            }

            using var table = KaldiTables.Matrix.Open($"scp:{path}", io);
            foreach (var key in new[] { "c", "a", "b" })
                table.TryGet(key, out _);
        });
    }

    [Theory]
    [InlineData("HTK")]
    [InlineData("HTK archive")]
    [InlineData("Sphinx")]
    public void Features_of_other_toolkits(string format)
    {
        var features = new FloatMatrix(3, 13, [.. Enumerable.Range(0, 39).Select(i => i * 0.5f)]);
        using var bytes = new MemoryStream();
        var writer = new KaldiWriter(bytes, binary: true);
        var header = new HtkHeader(100_000, HtkHeader.User);
        if (format == "Sphinx")
        {
            SphinxFormat.Write(writer, features);
            Try(format, bytes.ToArray(), path => Walk(KaldiTables.Sphinx.Read(Script(path))));
        }
        else if (format == "HTK")
        {
            HtkFormat.Write(writer, features, header);
            Try(format, bytes.ToArray(), path => KaldiTables.Htk.ReadOne(path));
        }
        else
        {
            foreach (var key in new[] { "a ", "b " })
            {
                writer.WriteText(key);
                HtkFormat.Write(writer, features, header);
            }

            Try(format, bytes.ToArray(), path => Walk(KaldiTables.Htk.Read($"ark:{path}")));
        }
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Tables_of_numbers(string kind)
    {
        using (var writer = KaldiTables.FloatScalar.Create($"{kind}:{_folder.At("f")}"))
            writer.Write("a", 0.5f);
        using (var writer = KaldiTables.IntScalar.Create($"{kind}:{_folder.At("i")}"))
            writer.Write("a", 5);

        Try($"float {kind}", File.ReadAllBytes(_folder.At("f")), path => Walk(KaldiTables.FloatScalar.Read($"ark:{path}")));
        Try($"integer {kind}", File.ReadAllBytes(_folder.At("i")), path => Walk(KaldiTables.IntScalar.Read($"ark:{path}")));
    }

    [Fact]
    public void Tables_of_words() => Try(
        "tokens", "a s1\nb s2 s3\nc\n"u8.ToArray(), path => Walk(KaldiTables.TokenVector.Read($"ark:{path}")));

    [Theory]
    [InlineData("ark,o")]
    [InlineData("ark,s")]
    [InlineData("ark,s,cs")]
    public void Archives_at_random(string kind)
    {
        using (var writer = KaldiTables.FloatVector.Create($"ark:{_folder.At("v")}"))
        {
            foreach (var key in new[] { "a", "b", "c" })
                writer.Write(key, [1, 2, 3]);
        }

        Try($"random {kind}", File.ReadAllBytes(_folder.At("v")), path =>
        {
            using var table = KaldiTables.FloatVector.Open($"{kind}:{path}");
            foreach (var key in new[] { "a", "b", "bb", "c" })
                table.TryGet(key, out _);
        });
    }

    [Theory]
    [InlineData("wav.scp", "r1 x.wav\nr2 flac -c -d -s y.flac |\n")]
    [InlineData("segments", "u1 r1 0 1.5\nu2 r2 0.5 2 1\n")]
    [InlineData("utt2spk", "u1 s1\nu2 s2\n")]
    [InlineData("spk2utt", "s1 u1\ns2 u2\n")]
    [InlineData("text", "u1 one two\nu2 three\n")]
    [InlineData("spk2gender", "s1 f\ns2 m\n")]
    public void Data_directories(string file, string text)
    {
        _folder.Write("wav.scp", "r1 x.wav\nr2 y.wav\n");
        _folder.Write("segments", "u1 r1 0 1\nu2 r2 0 1\n");
        _folder.Write("utt2spk", "u1 s1\nu2 s2\n");

        // Files must agree with each other: errors may name any of them.
        Try($"data {file}", System.Text.Encoding.ASCII.GetBytes(text), path =>
        {
            File.Copy(path, _folder.At(file), overwrite: true);
            DataDirectory.Load(_folder.Path);
        }, fileName: file, needsFile: false);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Alignments(bool gzip)
    {
        var model = SomeTransitionModel.Make(false);
        using (var writer = KaldiTables.IntVector.Create($"ark:{_folder.At(gzip ? "ali.gz" : "ali")}"))
            writer.Write("a", [1, 2, 3]);

        Try(
            gzip ? "alignments gz" : "alignments",
            File.ReadAllBytes(_folder.At(gzip ? "ali.gz" : "ali")),
            path => AlignmentSet.Read(path, model),
            fileName: gzip ? "ali.1.gz" : "ali.1",
            needsPlace: false);
    }

    private static void Walk<T>(IEnumerable<T> values)
    {
        foreach (var _ in values)
            continue;
    }

    private string Script(string path) => $"scp:{_folder.Write("foreign.scp", $"a {path}\n")}";

    private void Try(
        string format, byte[] whole, Action<string> read, string fileName = "damaged", bool needsPlace = true, bool needsFile = true) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, fileName, needsPlace: needsPlace, needsFile: needsFile)}");
}
