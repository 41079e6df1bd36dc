using System.Diagnostics;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class KaldiOutputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-output-").FullName;

    [Fact]
    public void Archive_for_a_named_pipe_is_read_at_its_other_end()
    {
        var pipe = Path.Combine(_folder, "pipe");
        using (var maker = Process.Start("mkfifo", pipe))
            maker.WaitForExit();
        using var reader = Process.Start(new ProcessStartInfo("cat", pipe) { RedirectStandardOutput = true })!;

        using (var table = KaldiTables.FloatVector.Create($"ark,t:{pipe}"))
            table.Write("a", [1, 2]);

        Assert.Equal("a  [ 1 2 ]\n", reader.StandardOutput.ReadToEnd());
        Assert.True(SpecialFile.IsOne(pipe));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
