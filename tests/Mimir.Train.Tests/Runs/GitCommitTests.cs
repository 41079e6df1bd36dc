using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

public sealed class GitCommitTests : IDisposable
{
    private const string Commit = "7ca11c4b1b2f0f3c8f0e4c1d5a42f7d85a26c62a";
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-git-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(".git/HEAD", Commit)]
    [InlineData(".git/refs/heads/main", Commit)]
    [InlineData(".git/packed-refs", "# pack-refs with: peeled\n" + Commit + " refs/heads/main\n")]
    public void Of_a_file_is_what_is_checked_out_around_it(string name, string text)
    {
        Write(".git/HEAD", "ref: refs/heads/main\n");
        Write(name, text);

        Assert.Equal(Commit, GitCommit.Of(Path.Combine(_folder, "conf/recipe.yaml")));
    }

    [Fact]
    public void Of_a_file_in_a_second_work_tree_or_in_none()
    {
        Write("main/.git/refs/heads/night", Commit);
        Write("main/.git/worktrees/night/HEAD", "ref: refs/heads/night\n");
        Write("main/.git/worktrees/night/commondir", "../..\n");
        Write("night/.git", $"gitdir: {_folder}/main/.git/worktrees/night\n");

        Assert.Equal(Commit, GitCommit.Of(Path.Combine(_folder, "night/recipe.yaml")));
        Assert.Null(GitCommit.Of("/nowhere/recipe.yaml"));
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
