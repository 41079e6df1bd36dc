using System.Text;

namespace Mimir.KaldiTools.Tests;

public sealed class TreeToolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri1")]
    public void Tools_give_Kaldis_bytes(string system)
    {
        var tree = SharedData.At($"goldens/kaldi/exp/{system}/tree");

        var info = ToolRun.Of("tree-info", tree);
        ToolRun.Of("copy-tree", tree, _folder.At("tree"));
        ToolRun.Of("copy-tree", "--binary=false", tree, _folder.At("tree.txt"));

        Assert.Equal(
            File.ReadAllText(SharedData.At($"goldens/kaldi/exp/{system}/tree-info.txt")), Encoding.ASCII.GetString(info.Output));
        Assert.Equal(File.ReadAllBytes(tree), File.ReadAllBytes(_folder.At("tree")));
        Assert.Equal(File.ReadAllBytes(tree + ".txt"), File.ReadAllBytes(_folder.At("tree.txt")));
    }
}
