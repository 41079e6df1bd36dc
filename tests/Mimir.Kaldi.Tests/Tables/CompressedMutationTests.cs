using System.IO.Compression;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>Damage within whole compressed files, and of files with several members.</summary>
public sealed class CompressedMutationTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Alignments(string kind)
    {
        using (var writer = KaldiTables.IntVector.Create($"{kind}:{_folder.At("ali")}"))
        {
            writer.Write("u1", [1, 2, 3, 300, 5]);
            writer.Write("u2", [7, 8]);
        }

        Try($"alignments {kind} in gz", path => Walk(KaldiTables.IntVector.Read($"ark:{path}")), Pack);
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Matrices(string kind)
    {
        using (var writer = KaldiTables.Matrix.Create($"{kind}:{_folder.At("ali")}"))
        {
            writer.Write("u1", new FloatMatrix(3, 4));
            writer.Write("u2", new FloatMatrix(2, 4));
        }

        Try($"FM {kind} in gz", path => Walk(KaldiTables.Matrix.Read($"ark:{path}")), Pack);
        Try($"FM {kind} in gz, sizes", path => Walk(KaldiTables.MatrixSize.Read($"ark:{path}")), Pack);
    }

    [Fact]
    public void Scripts()
    {
        _folder.Write("ali", "a x.ark:12\nb y.ark:345\n");

        Try("scp in gz", path => ScriptFile.Read(path), Pack);
    }

    [Fact]
    public void Members()
    {
        File.WriteAllBytes(_folder.At("ali"), [.. Pack("a 1 2 3\n"u8.ToArray()), .. Pack("b 4 5\n"u8.ToArray()), .. new byte[16]]);

        Try("gzip members", path => Walk(KaldiTables.IntVector.Read($"ark:{path}")), pack: null);
    }

    private static void Walk<T>(IEnumerable<T> values)
    {
        foreach (var _ in values)
            continue;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(content);

        return packed.ToArray();
    }

    private void Try(string format, Action<string> read, Func<byte[], byte[]>? pack) =>
        console.WriteLine($"{Fuzzer.Run(format, File.ReadAllBytes(_folder.At("ali")), read, "x.gz", pack: pack)}");
}
