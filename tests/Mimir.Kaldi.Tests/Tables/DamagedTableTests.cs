using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Tests.Nnet1;
using Xunit.Abstractions;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>Damaged files of every format are refused with a message; they never crash, hang or take much memory.</summary>
public sealed class DamagedTableTests(ITestOutputHelper console) : IDisposable
{
    private static readonly KaldiIoOptions NoPipes = KaldiIoOptions.Default;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Formats =>
    [
        "FM", "FM text", "DM", "CM", "CM2", "CM3", "FV", "FV text", "int", "int text", "gzip", "model", "model text",
        "nnet", "nnet text", "generic nnet", "generic nnet text", "prototype", "scp", "counts",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Read_of_mutated_bytes_gives_values_or_a_message(string format)
    {
        var report = Fuzzer.Run(format, Make(format), path => Read(format, path), format == "gzip" ? "m.gz" : "m");

        console.WriteLine($"{report}");
        Assert.Equal(Fuzzer.Inputs, report.Inputs);
    }

    private static void Read(string format, string path)
    {
        switch (format)
        {
            case "model" or "model text":
                TransitionModel.Read(path);
                break;
            case "nnet" or "nnet text" or "generic nnet" or "generic nnet text":
                Nnet1File.Read(path);
                break;
            case "prototype":
                NnetPrototype.Initialise(path, io: new KaldiIoOptions { StandardInput = Stream.Null }, maxParameters: 1 << 16);
                break;
            case "counts":
                PdfCounts.Read(path);
                break;
            case "FV" or "FV text":
                foreach (var _ in KaldiTables.FloatVector.Read($"ark:{path}", NoPipes))
                    continue;
                break;
            case "int" or "int text":
                foreach (var _ in KaldiTables.IntVector.Read($"ark:{path}", NoPipes))
                    continue;
                break;
            default:
                var io = new KaldiIoOptions { StandardInput = Stream.Null };
                foreach (var _ in KaldiTables.Matrix.Read($"{(format == "scp" ? "scp" : "ark")}:{path}", io))
                    continue;
                break;
        }
    }

    private static byte[] Compressed(string token)
    {
        using var bytes = new MemoryStream();
        var writer = new KaldiWriter(bytes, binary: true);
        writer.WriteText("u \0B" + token + " ");
        foreach (var figure in new[] { BitConverter.SingleToInt32Bits(-1), BitConverter.SingleToInt32Bits(2), 9, 2 })
            writer.WriteRaw(BitConverter.GetBytes(figure));
        writer.WriteRaw(new byte[token switch { "CM" => 16 + 18, "CM2" => 36, _ => 18 }]);
        return bytes.ToArray();
    }

    private byte[] Make(string format)
    {
        var path = _folder.At("whole");
        var kind = format.EndsWith("text", StringComparison.Ordinal) ? "ark,t" : "ark";
        switch (format)
        {
            case "CM" or "CM2" or "CM3":
                return Compressed(format);
            case "model" or "model text":
                SomeTransitionModel.Make(false).Write(path, format == "model");
                break;
            case "nnet" or "nnet text":
                new Nnet1File(Nnet1FileTests.All()).Write(path, format == "nnet");
                break;
            case "generic nnet text":
                return GenericComponentTests.AllInOneText();
            case "generic nnet":
                File.WriteAllBytes(path, GenericComponentTests.AllInOneText());
                Nnet1File.Read(path).Write(path);
                break;
            case "prototype":
                return System.Text.Encoding.ASCII.GetBytes(Nnet1.Prototypes.NnetPrototypeTests.EveryComponent);
            case "counts":
                new PdfCounts([1, 2, 3]).Write(path);
                break;
            case "FV" or "FV text":
                Write(() => KaldiTables.FloatVector.Create($"{kind}:{path}"), writer => writer.Write("u", [1, 2, 3]));
                break;
            case "int" or "int text":
                Write(() => KaldiTables.IntVector.Create($"{kind}:{path}"), writer => writer.Write("u", [1, 2, 3]));
                break;
            case "DM":
                Write(() => KaldiTables.DoubleMatrix.Create($"ark:{path}"), writer => writer.Write("u", new double[3, 4]));
                break;
            case "gzip":
                Write(() => KaldiTables.Matrix.Create($"ark:{path}"), WriteTwo);
                using (var file = File.Create(path + ".gz"))
                using (var zip = new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest))
                    zip.Write(File.ReadAllBytes(path));
                return File.ReadAllBytes(path + ".gz");
            case "scp":
                Write(() => KaldiTables.Matrix.Create($"ark,scp:{path}.ark,{path}"), WriteTwo);
                break;
            default:
                Write(() => KaldiTables.Matrix.Create($"{kind}:{path}"), WriteTwo);
                break;
        }

        return File.ReadAllBytes(path);
    }

    private static void WriteTwo(TableWriter<FloatMatrix> writer)
    {
        writer.Write("a", new FloatMatrix(3, 4));
        writer.Write("b", new FloatMatrix(1, 2, [1.5f, -2]));
    }

    private static void Write<T>(Func<T> open, Action<T> write)
        where T : IDisposable
    {
        using var writer = open();
        write(writer);
    }
}
