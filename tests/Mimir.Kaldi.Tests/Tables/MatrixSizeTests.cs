using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class MatrixSizeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark", null, "x")]
    [InlineData("ark,t", null, "x")]
    [InlineData("ark", null, "x.gz")]
    [InlineData("ark", CompressionMethod.SpeechFeature, "x")]
    [InlineData("ark", CompressionMethod.TwoByteAuto, "x.gz")]
    [InlineData("ark", CompressionMethod.OneByteAuto, "x")]
    public void Sizes_are_those_of_the_matrices(string kind, CompressionMethod? method, string name)
    {
        var random = new Random(3);
        var matrices = Enumerable.Range(0, 40).Select(i => Matrix(random, i % 7 == 0 ? 0 : random.Next(1, 300))).ToList();
        using (var writer = KaldiTables.CompressedMatrix(method).Create($"{kind}:{_folder.At(name)}"))
        {
            foreach (var (i, matrix) in matrices.Index())
                writer.Write($"u{i}", matrix);
        }

        var sizes = KaldiTables.MatrixSize.Read($"ark:{_folder.At(name)}").Select(entry => entry.Value);

        Assert.Equal(matrices.Select(matrix => new MatrixSize(matrix.Rows, matrix.Columns)), sizes);
    }

    [Fact]
    public void Sizes_of_a_large_table_take_little_memory()
    {
        using (var writer = KaldiTables.Matrix.Create($"ark,scp:{_folder.At("x")},{_folder.At("s")}"))
        {
            for (var i = 0; i < 3; i++)
                writer.Write($"u{i}", new FloatMatrix(4000, 1000));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sizes = KaldiTables.MatrixSize.Read($"scp:{_folder.At("s")}").Concat(KaldiTables.MatrixSize.Read($"ark:{_folder.At("x")}"));

        Assert.All(sizes, entry => Assert.Equal(new MatrixSize(4000, 1000), entry.Value));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void A_range_of_a_script_and_a_file_that_is_cut_are_seen_without_the_values()
    {
        using (var writer = KaldiTables.Matrix.Create($"ark,scp:{_folder.At("x")},{_folder.At("s")}"))
            writer.Write("u", new FloatMatrix(100, 40));

        var line = File.ReadAllText(_folder.At("s")).TrimEnd();
        var part = _folder.Write("p", $"{line}[10:19,0:4]\n");
        Assert.Equal(new MatrixSize(10, 5), KaldiTables.MatrixSize.Read($"scp:{part}").Single().Value);

        File.WriteAllBytes(_folder.At("cut"), File.ReadAllBytes(_folder.At("x"))[..^1]);
        Assert.Throws<InputException>(() => KaldiTables.MatrixSize.Read($"ark:{_folder.At("cut")}").Count());
    }

    private static FloatMatrix Matrix(Random random, int rows)
    {
        var matrix = new FloatMatrix(rows, rows == 0 ? 0 : 13);
        for (var i = 0; i < matrix.Data.Length; i++)
            matrix.Data[i] = random.NextSingle();

        return matrix;
    }
}
