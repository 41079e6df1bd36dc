using System.Diagnostics;

namespace Mimir.Base.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-atomic-").FullName;

    [Fact]
    public void Named_pipe_is_written_to_and_stays_a_pipe()
    {
        var pipe = At("pipe");
        using (var maker = Process.Start("mkfifo", pipe))
            maker.WaitForExit();
        using var reader = Process.Start(new ProcessStartInfo("cat", pipe) { RedirectStandardOutput = true })!;

        AtomicFile.WriteText(pipe, "content");

        Assert.Equal("content", reader.StandardOutput.ReadToEnd());
        Assert.True(SpecialFile.IsOne(pipe));
        Assert.Equal([pipe], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Device_takes_the_content()
    {
        // By a link, so that a fault here replaces nothing of the system's.
        File.CreateSymbolicLink(At("device"), "/dev/null");

        AtomicFile.WriteText(At("device"), "content");

        Assert.Equal("/dev/null", File.ResolveLinkTarget(At("device"), returnFinalTarget: true)?.FullName);
        Assert.Equal([At("device")], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Files_links_to_them_and_folders_are_nothing_special()
    {
        AtomicFile.WriteText(At("file"), "content");
        File.CreateSymbolicLink(At("link"), At("file"));
        File.CreateSymbolicLink(At("device"), "/dev/null");

        Assert.False(SpecialFile.IsOne(At("file")));
        Assert.False(SpecialFile.IsOne(At("link")));
        Assert.False(SpecialFile.IsOne(_folder));
        Assert.False(SpecialFile.IsOne(At("missing")));
        Assert.True(SpecialFile.IsOne(At("device")));
        Assert.True(SpecialFile.IsOne("/dev/stdout"));
    }

    [Fact]
    public void Failure_leaves_the_old_file()
    {
        AtomicFile.WriteText(At("file"), "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(At("file"), _ => throw new IOException("no space")));

        Assert.Equal("old", File.ReadAllText(At("file")));
        Assert.Equal([At("file")], Directory.GetFileSystemEntries(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string At(string name) => Path.Combine(_folder, name);
}
