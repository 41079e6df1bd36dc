using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>Compressed files are whole or an error, and a small one does not fill the memory.</summary>
public sealed class CompressedTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_archive_that_is_cut_anywhere_is_an_error_with_the_file(bool text)
    {
        var whole = Pack(Alignments(text));
        for (var length = 0; length < whole.Length; length += 7)
        {
            var path = _folder.Write("ali.2.gz", whole[..length]);
            var error = Assert.Throws<InputException>(() => (object)KaldiTables.IntVector.Read($"ark:{path}").Count());
            Assert.Contains("ali.2.gz: byte ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(50, KaldiTables.IntVector.Read($"ark:{_folder.Write("ali.2.gz", whole)}").Count());
    }

    [Fact]
    public void A_file_of_one_object_is_read_to_its_end()
    {
        var whole = Pack(Encoding.ASCII.GetBytes(" [ 1 2 ]\n" + new string('\n', 100_000)));

        Assert.Equal([1f, 2f], KaldiTables.FloatVector.ReadOne(_folder.Write("v.gz", whole)));
        Assert.Contains("is cut", Fails(() => KaldiTables.FloatVector.ReadOne(_folder.Write("v.gz", whole[..^3]))));
        Assert.Contains("is cut", Fails(() => PdfCounts.Read(_folder.Write("v.gz", whole[..^3]))));
    }

    [Fact]
    public void A_script_and_a_table_asked_at_random_notice_a_cut()
    {
        var archive = _folder.Write("a.gz", Pack(Alignments(text: true))[..^9]);
        var script = _folder.Write("s.scp.gz", Pack("a x.ark:3\n"u8.ToArray())[..^2]);

        Assert.Contains("is cut", Fails(() => ScriptFile.Read(script)));
        using var table = KaldiTables.IntVector.Open($"ark:{archive}");
        Assert.Contains("is cut", Fails(() => table.TryGet("nobody", out _)));
    }

    [Fact]
    public void With_the_option_p_what_is_lost_is_said()
    {
        var archive = _folder.Write("a.gz", Pack(Alignments(text: false))[..^60]);
        var warnings = new List<string>();
        var io = new KaldiIoOptions { Warn = warnings.Add };

        Assert.InRange(KaldiTables.IntVector.Read($"ark,p:{archive}", io).Count(), 1, 49);
        Assert.Contains("is cut", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_without_entries_is_compressed_too()
    {
        var path = _folder.At("empty.gz");
        KaldiTables.IntVector.Create($"ark:{path}").Dispose();

        Assert.NotEmpty(File.ReadAllBytes(path));
        Assert.Empty(KaldiTables.IntVector.Read($"ark:{path}"));
    }

    [Theory]
    [InlineData("zeros [ ")]
    [InlineData("")]
    [InlineData("numbers ")]
    public void A_small_file_that_unpacks_to_much_is_refused_before_it_fills_the_memory(string begin)
    {
        const int unpacked = 600 << 20;
        var path = _folder.At("bomb.gz");
        using (var zip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            zip.Write(Encoding.ASCII.GetBytes(begin));
            var zeros = new byte[1 << 20];
            zeros.AsSpan().Fill(begin.Length == 0 ? (byte)' ' : (byte)'0');
            for (var i = 1; begin.Length > 0 && i < zeros.Length; i += 2)
                zeros[i] = (byte)' ';
            for (var written = 0; written < unpacked; written += zeros.Length)
                zip.Write(zeros);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Fails(() => begin == "numbers "
            ? KaldiTables.IntVector.Read($"ark:{path}").Count()
            : KaldiTables.Matrix.Read($"ark:{path}").Count());
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Contains("MiB, which is much for so small a file", error);
        Assert.InRange(taken, 0, (256 << 20) + (64 * new FileInfo(path).Length));
    }

    [Fact]
    public void A_header_that_promises_more_than_the_file_can_hold_allocates_nothing()
    {
        using var data = new MemoryStream();
        new KaldiWriter(data, binary: true).WriteBinaryMarker();
        data.Write("FM "u8);
        data.Write([4, 0, 0x40, 0, 0, 4, 0, 0x40, 0, 0]);
        var path = _folder.Write("m.gz", Pack(data.ToArray()));

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("m.gz", Fails(() => KaldiTables.Matrix.ReadOne(path)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    [Theory]
    [InlineData("x.ark", true)]
    [InlineData("x.scp", false)]
    public async Task A_named_pipe_may_be_an_archive_and_nothing_else(string name, bool archive)
    {
        var pipe = _folder.At(name);
        await Process.Start("mkfifo", pipe).WaitForExitAsync();
        if (!archive)
        {
            Assert.Contains("a named pipe", Fails(() => ScriptFile.Read(pipe)));
            Assert.Contains("a named pipe", Fails(() => KaldiTables.Matrix.ReadOne(pipe)));
            return;
        }

        // An output keeps the pipe as well: nothing is renamed over it.
        var reading = Task.Run(() => KaldiTables.IntVector.Read($"ark:{pipe}").Single().Value);
        using (var writer = KaldiTables.IntVector.Create($"ark:{pipe}"))
            writer.Write("a", [1, 2]);

        var read = await reading;
        Assert.Equal([1, 2], read);
        Assert.Equal(FileKind.Pipe, FileKinds.Of(pipe));
    }

    [Theory]
    [InlineData("/dev/zero", "a device")]
    [InlineData("/dev", "a folder")]
    public void What_has_no_end_is_refused(string path, string expected)
    {
        Assert.Contains(expected, Fails(() => ScriptFile.Read(path)));
        Assert.Contains(expected, Fails(() => PdfCounts.Read(path)));
        Assert.Contains(expected, Fails(() => KaldiTables.Matrix.Read($"ark:{path}").Count()));
    }

    [Fact]
    public void A_command_that_fails_behind_its_data_is_warned_of_and_one_that_fails_within_is_an_error()
    {
        var warnings = new List<string>();
        var io = new KaldiIoOptions { AllowPipes = true, Warn = warnings.Add };

        Assert.Equal([1f], KaldiTables.FloatVector.ReadOne("echo '[ 1 ]'; exit 3 |", io));
        Assert.Contains("had nonzero return status 3", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Throws<IOException>(() => KaldiTables.FloatVector.Read("ark:echo 'a [ 1 ]'; exit 3 |", io).Count());
        Assert.ThrowsAny<Exception>(() => KaldiTables.FloatVector.ReadOne("echo '[ 1 '; exit 3 |", io));
    }

    private static string Fails(Func<object?> read) => Assert.Throws<InputException>(read).Message;

    private byte[] Alignments(bool text)
    {
        using (var writer = KaldiTables.IntVector.Create($"{(text ? "ark,t" : "ark")}:{_folder.At("plain")}"))
        {
            var random = new Random(1);
            for (var i = 0; i < 50; i++)
                writer.Write($"u{i:00}", [.. Enumerable.Range(0, random.Next(5, 30)).Select(_ => random.Next(1, 200))]);
        }

        return File.ReadAllBytes(_folder.At("plain"));
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal))
            zip.Write(content);

        return packed.ToArray();
    }
}
