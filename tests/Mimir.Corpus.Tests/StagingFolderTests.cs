
namespace Mimir.Corpus.Tests;

public sealed class StagingFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Publish_puts_the_folder_in_place_and_leaves_nothing_else()
    {
        using (var staging = new StagingFolder(_temporary.At("corpus"), _ => []))
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

        using (var staging = new StagingFolder(_temporary.At("corpus"), _ => []))
            File.WriteAllText(Path.Combine(staging.Folder, "a"), "new");

        Assert.Equal("old", File.ReadAllText(_temporary.At("corpus/a")));
        Assert.Equal([_temporary.At("corpus")], Directory.EnumerateFileSystemEntries(_temporary.At("")));
    }

    [Fact]
    public void Publish_leaves_the_copies_that_somebody_keeps_beside_it()
    {
        string[] kept = ["corpus.old", "corpus.partial"];
        foreach (var folder in kept.Append("corpus"))
        {
            Directory.CreateDirectory(_temporary.At(folder));
            File.WriteAllText(_temporary.At($"{folder}/a"), folder);
        }

        File.WriteAllText(_temporary.At("corpus.lock"), "mine");
        using (var staging = new StagingFolder(_temporary.At("corpus"), _ => []))
            staging.Publish();

        Assert.All(kept, folder => Assert.Equal(folder, File.ReadAllText(_temporary.At($"{folder}/a"))));
        Assert.Equal("mine", File.ReadAllText(_temporary.At("corpus.lock")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_temporary.At("corpus")));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(_temporary.At("")).Count());
    }

    [Fact]
    public void Constructor_refuses_other_files_and_a_second_maker()
    {
        Directory.CreateDirectory(_temporary.At("mine"));
        File.WriteAllText(_temporary.At("mine/thesis.txt"), "years of work");

        var error = Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("mine"), _ => ["thesis.txt"]));
        Assert.Contains("(thesis.txt)", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("mine/thesis.txt"), _ => []));
        using var first = new StagingFolder(_temporary.At("corpus"), _ => []);
        Assert.Throws<IOException>(() => new StagingFolder(_temporary.At("corpus"), _ => []));
    }
}
