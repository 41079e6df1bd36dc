
namespace Mimir.Corpus.Tests;

public sealed class StagingFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Publish_puts_the_folder_in_place_and_leaves_nothing_else()
    {
        using (var staging = new StagingFolder(_temporary.At("corpus"), _ => false))
        {
            File.WriteAllText(Path.Combine(staging.Folder, "a"), "new");
            staging.Publish();
        }

        Assert.Equal("new", File.ReadAllText(_temporary.At("corpus/a")));
        Assert.Equal([_temporary.At("corpus")], Directory.EnumerateFileSystemEntries(_temporary.At("")));
    }

    [Fact]
    public void Dispose_without_publishing_keeps_the_old_folder()
    {
        Directory.CreateDirectory(_temporary.At("corpus"));
        File.WriteAllText(_temporary.At("corpus/a"), "old");

        using (var staging = new StagingFolder(_temporary.At("corpus"), _ => true))
            File.WriteAllText(Path.Combine(staging.Folder, "a"), "new");

        Assert.Equal("old", File.ReadAllText(_temporary.At("corpus/a")));
        Assert.Equal([_temporary.At("corpus")], Directory.EnumerateFileSystemEntries(_temporary.At("")));
    }

    [Fact]
    public void Constructor_refuses_other_files_and_a_second_maker()
    {
        Directory.CreateDirectory(_temporary.At("mine"));
        File.WriteAllText(_temporary.At("mine/thesis.txt"), "years of work");

        Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("mine"), _ => false));
        Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("mine/thesis.txt"), _ => true));
        using var first = new StagingFolder(_temporary.At("corpus"), _ => false);
        Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("corpus"), _ => false));
    }
}
