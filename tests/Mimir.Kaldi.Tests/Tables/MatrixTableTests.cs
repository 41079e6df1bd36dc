using System.IO.Compression;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class MatrixTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("features/out/compute-mfcc-feats.base.wav8k")]
    public void Writer_copies_kaldis_archive_byte_for_byte(string name)
    {
        var ark = SharedData.At($"goldens/kaldi/{name}.ark");
        var text = Unzip(SharedData.At($"goldens/kaldi/{name}.txt.gz"));

        Copy($"ark:{ark}", $"ark:{_folder.At("b.ark")}");
        Copy($"ark:{ark}", $"ark,t:{_folder.At("t.ark")}");

        Assert.Equal(File.ReadAllBytes(ark), File.ReadAllBytes(_folder.At("b.ark")));
        Assert.Equal(text, File.ReadAllText(_folder.At("t.ark")));
    }

    [SharedDataTheory]
    [InlineData("mfcc", 1)]
    [InlineData("mfcc", 2)]
    [InlineData("mfcc", 3)]
    [InlineData("mfcc", 5)]
    [InlineData("fbank", 1)]
    [InlineData("fbank", 2)]
    [InlineData("fbank", 3)]
    [InlineData("fbank", 5)]
    [InlineData("fbank", 7)]
    public void Read_of_compressed_gives_what_kaldi_reads(string kind, int method)
    {
        var stem = SharedData.At($"goldens/kaldi/features/post/compressed.{kind}.method{method}");

        Copy($"ark:{stem}.ark", $"ark,t:{_folder.At("t.ark")}");

        Assert.Equal(Unzip($"{stem}.txt.gz"), File.ReadAllText(_folder.At("t.ark")));
    }

    [SharedDataTheory]
    [InlineData("mfcc", 1)]
    [InlineData("mfcc", 2)]
    [InlineData("mfcc", 3)]
    [InlineData("mfcc", 5)]
    [InlineData("mfcc", 7)]
    [InlineData("fbank", 1)]
    [InlineData("fbank", 3)]
    [InlineData("fbank", 5)]
    [InlineData("fbank", 7)]
    public void Writer_compresses_to_kaldis_bytes(string kind, int method)
    {
        var ark = SharedData.At($"goldens/kaldi/features/out/compute-{kind}-feats.base.wav8k.ark");

        using (var writer = KaldiTables.CompressedMatrix((CompressionMethod)method).Create($"ark:{_folder.At("c.ark")}"))
        {
            foreach (var (key, matrix) in KaldiTables.Matrix.Read($"ark:{ark}"))
                writer.Write(key, matrix);
        }

        Assert.Equal(
            File.ReadAllBytes(SharedData.At($"goldens/kaldi/features/post/compressed.{kind}.method{method}.ark")),
            File.ReadAllBytes(_folder.At("c.ark")));
    }

    [Theory]
    [InlineData(1, 0.02)]
    [InlineData(2, 0.05)]
    [InlineData(3, 1e-4)]
    [InlineData(4, 0.51)]
    [InlineData(5, 0.02)]
    [InlineData(6, 0.51)]
    [InlineData(7, 0.01)]
    public void Compression_keeps_values_to_its_step(int method, float step)
    {
        var largest = (CompressionMethod)method is CompressionMethod.OneByteZeroOne ? 1f : 4f;
        foreach (var rows in new[] { 1, 2, 3, 4, 5, 9, 100 })
        {
            var values = Enumerable.Range(0, rows * 2).Select(i => largest * (i * 37 % 101) / 101).ToArray();
            using (var writer = KaldiTables.CompressedMatrix((CompressionMethod)method).Create($"ark:{_folder.At("c")}"))
                writer.Write("u", new FloatMatrix(rows, 2, values));

            var read = KaldiTables.Matrix.Read($"ark:{_folder.At("c")}").Single().Value.Data;

            Assert.All(values.Zip(read), pair => Assert.InRange(pair.First - pair.Second, -step, step));
        }
    }

    [SharedDataFact]
    public void Write_of_doubles_gives_kaldis_bytes()
    {
        var golden = SharedData.At("goldens/kaldi/features/post/cmvn.perspk.ark");

        foreach (var (options, file) in new[] { ("ark", "b"), ("ark,t", "t") })
        {
            using var writer = KaldiTables.DoubleMatrix.Create($"{options}:{_folder.At(file)}");
            foreach (var (key, matrix) in KaldiTables.DoubleMatrix.Read($"ark:{golden}"))
                writer.Write(key, matrix);
        }

        Assert.Equal(File.ReadAllBytes(golden), File.ReadAllBytes(_folder.At("b")));
        Assert.Equal(File.ReadAllText(Path.ChangeExtension(golden, ".txt")), File.ReadAllText(_folder.At("t")));
    }

    [Fact]
    public void Writer_with_script_gives_offsets_that_read_back()
    {
        var (ark, scp) = (_folder.At("a.ark"), _folder.At("a.scp"));

        using (var writer = KaldiTables.Matrix.Create($"ark,scp:{ark},{scp}"))
        {
            writer.Write("one", new FloatMatrix(2, 2, [1, 2, 3, 4]));
            writer.Write("two", new FloatMatrix(1, 3, [5, 6, 7]));
        }

        Assert.Equal($"one {ark}:4\ntwo {ark}:39\n", File.ReadAllText(scp));
        var read = KaldiTables.Matrix.Read($"scp:{scp}").ToList();
        Assert.Equal(["one", "two"], read.Select(pair => pair.Key));
        Assert.Equal([5, 6, 7], read[1].Value.Data);
    }

    [Theory]
    [InlineData("[0:1]", 2, 3)]
    [InlineData("[1:1,0:1]", 1, 2)]
    [InlineData("[:,2:2]", 3, 1)]
    [InlineData("[0:4]", 3, 3)]
    public void Read_of_script_applies_the_range(string range, int rows, int columns)
    {
        var matrix = _folder.Write("m.txt", " [\n 1 2 3\n 4 5 6\n 7 8 9 ]\n");
        var scp = _folder.Write("m.scp", $"utt {matrix}{range}\n");

        var (_, value) = Assert.Single(KaldiTables.Matrix.Read($"scp:{scp}"));

        Assert.Equal((rows, columns), (value.Rows, value.Columns));
    }

    [Fact]
    public void Read_of_script_beyond_the_rows_names_the_line()
    {
        var matrix = _folder.Write("m.txt", "[ 1 2 ; 3 4 ]");
        var scp = _folder.Write("m.scp", $"utt {matrix}[0:9]\n");

        var error = Assert.Throws<InputException>(() => KaldiTables.Matrix.Read($"scp:{scp}").Count());

        Assert.Contains("m.scp:1: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_text_knows_infinity_and_nan()
    {
        var ark = _folder.Write("m.ark", "u  [\n  inf -inf\n  nan 1e-3 ]\nempty  [ ]\n");

        var read = KaldiTables.Matrix.Read($"ark:{ark}").ToList();

        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, float.NaN, 0.001f], read[0].Value.Data);
        Assert.Equal(0, read[1].Value.Rows);
    }

    [Fact]
    public void Read_of_gzip_needs_no_pipe()
    {
        using (var file = new GZipStream(File.Create(_folder.At("m.ark.gz")), CompressionLevel.Fastest))
            file.Write("u [ 1 2 ]\n"u8);

        Assert.Equal([1, 2], KaldiTables.Matrix.Read($"ark:{_folder.At("m.ark.gz")}").Single().Value.Data);
    }

    [Fact]
    public void Read_of_command_is_refused_unless_allowed()
    {
        var table = $"ark:cat {_folder.Write("m.ark", "u [ 1 2 ]\n")} |";

        var refused = Assert.Throws<InputException>(() => KaldiTables.Matrix.Read(table).Count());
        var allowed = KaldiTables.Matrix.Read(table, new KaldiIoOptions { AllowPipes = true }).Single();

        Assert.Contains("commands are not allowed", refused.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2], allowed.Value.Data);
    }

    [Fact]
    public void Read_of_failing_command_says_its_status() => Assert.Contains(
        "exit status 3",
        Assert.Throws<IOException>(() => KaldiTables.Matrix.Read("ark:exit 3 |", new KaldiIoOptions { AllowPipes = true }).Count()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_of_truncated_archive_names_file_and_byte()
    {
        using (var writer = KaldiTables.Matrix.Create($"ark:{_folder.At("m.ark")}"))
            writer.Write("utt", new FloatMatrix(10, 10));
        var half = _folder.Write("half.ark", File.ReadAllBytes(_folder.At("m.ark"))[..200]);

        var error = Assert.Throws<InputException>(() => KaldiTables.Matrix.Read($"ark:{half}").Count());

        Assert.Contains("half.ark: byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'utt'", error.Message, StringComparison.Ordinal);
        Assert.Empty(KaldiTables.Matrix.Read($"ark,p:{half}"));
    }

    [Fact]
    public void Read_of_script_that_is_permissive_passes_over_missing_files()
    {
        var there = _folder.Write("m.txt", "[ 1 ]");
        var scp = _folder.Write("m.scp", $"a {_folder.At("absent")}\nb {there}\n");

        Assert.Equal("b", KaldiTables.Matrix.Read($"scp,p:{scp}").Single().Key);
        Assert.Throws<FileNotFoundException>(() => KaldiTables.Matrix.Read($"scp:{scp}").Count());
    }

    [Fact]
    public void Read_of_script_goes_to_and_fro_between_many_archives()
    {
        var lines = new List<string>();
        for (var file = 0; file < 40; file++)
        {
            using (var writer = KaldiTables.Matrix.Create($"ark,scp:{_folder.At($"{file}.ark")},{_folder.At("s")}"))
            {
                for (var utterance = 0; utterance < 3; utterance++)
                    writer.Write($"{file}-{utterance}", new FloatMatrix(1, 2, [file, utterance]));
            }

            lines.AddRange(File.ReadLines(_folder.At("s")));
        }

        var scattered = lines.OrderBy(line => line.Split(' ')[0][^1]).ThenBy(line => line).ToList();
        File.WriteAllLines(_folder.At("all.scp"), scattered);

        var read = KaldiTables.Matrix.Read($"scp:{_folder.At("all.scp")}").ToList();

        Assert.Equal(scattered.Select(line => line.Split(' ')[0]), read.Select(pair => $"{pair.Value[0, 0]}-{pair.Value[0, 1]}"));
    }

    [Fact]
    public void Read_of_standard_input_works()
    {
        var options = new KaldiIoOptions { StandardInput = new MemoryStream(Encoding.ASCII.GetBytes("u [ 1 ]\n")) };

        Assert.Equal("u", KaldiTables.Matrix.Read("ark:-", options).Single().Key);
    }

    [Fact]
    public void Read_of_impossible_size_takes_no_memory()
    {
        var header = Encoding.ASCII.GetBytes("u \0BFM ").Concat(new byte[] { 4, 255, 255, 0, 0, 4, 255, 127, 0, 0 }).ToArray();
        var file = _folder.Write("m.ark", header);
        var pipe = new KaldiIoOptions { StandardInput = new NoSeekStream(header) };

        Assert.Throws<InputException>(() => KaldiTables.Matrix.Read($"ark:{file}").Count());
        Assert.Throws<InputException>(() => KaldiTables.Matrix.Read("ark:-", pipe).Count());
    }

    [Fact]
    public void Discard_leaves_no_file()
    {
        using var writer = KaldiTables.Matrix.Create($"ark:{_folder.At("m.ark")}");
        writer.Write("u", new FloatMatrix(1, 1));

        writer.Discard();

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private static void Copy(string from, string to)
    {
        using var writer = KaldiTables.Matrix.Create(to);
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(from))
            writer.Write(key, matrix);
    }

    private static string Unzip(string path)
    {
        using var text = new StreamReader(KaldiInput.Open(path));
        return text.ReadToEnd();
    }

    private sealed class NoSeekStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
