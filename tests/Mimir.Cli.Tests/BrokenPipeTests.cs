using Mimir.Cli.Tests.Support;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Cli.Tests;

public sealed class BrokenPipeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-broken-pipe").FullName;

    [Fact]
    public async Task Program_of_Kaldis_ends_silently_when_nobody_reads_on()
    {
        using (var table = KaldiTables.Matrix.Create($"ark:{Path.Combine(_folder, "big.ark")}"))
        {
            for (var i = 0; i < 200; i++)
                table.Write($"utt{i}", new FloatMatrix(500, 40));
        }

        using var process = MimirProcess.Start(_folder, "kaldi", "copy-feats", "ark:big.ark", "ark:-");
        var first = process.StandardOutput.BaseStream.ReadByte();
        process.StandardOutput.Dispose();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal('u', first);
        Assert.Equal(128 + 13, process.ExitCode);
        Assert.DoesNotContain("ERROR", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("200", errors, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
