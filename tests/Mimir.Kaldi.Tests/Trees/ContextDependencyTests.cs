using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Tests.Trees;

public sealed class ContextDependencyTests : IDisposable
{
    // Phones 1 and 2 in a window of three; the first state of phone 1 asks for its left neighbour.
    private const string Text =
        "ContextDependency 3 1 ToPdf TE 1 3 ( NULL SE -1 [ 0 ]\n{ SE 0 [ 0 2 ]\n{ CE 0 CE 1 } \nCE 2 } \n"
        + "TE -1 2 ( CE 3 CE 4 ) \n) \nEndContextDependency ";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(new[] { 2, 1, 1 }, 0, 0)]
    [InlineData(new[] { 0, 1, 1 }, 0, 0)]
    [InlineData(new[] { 1, 1, 1 }, 0, 1)]
    [InlineData(new[] { 1, 1, 1 }, 1, 2)]
    [InlineData(new[] { 1, 2, 0 }, 0, 3)]
    [InlineData(new[] { 1, 2, 0 }, 1, 4)]
    [InlineData(new[] { 1, 2, 0 }, 2, null)]
    [InlineData(new[] { 1, 3, 0 }, 0, null)]
    [InlineData(new[] { 1, 0, 0 }, 0, null)]
    public void PdfOf_follows_the_questions(int[] window, int pdfClass, int? pdf)
    {
        var tree = ContextDependency.Read(_folder.Write("tree", Text));

        Assert.Equal(pdf, tree.PdfOf(window, pdfClass));
        Assert.Equal(5, tree.PdfCount);
    }

    [Fact]
    public void Write_gives_back_the_text_and_binary_reads_as_the_same()
    {
        var text = _folder.Write("tree.txt", Text);

        ContextDependency.Read(text).Write(_folder.At("tree"));
        ContextDependency.Read(_folder.At("tree")).Write(_folder.At("again.txt"), binary: false);

        Assert.Equal(Text, File.ReadAllText(_folder.At("again.txt")));
    }

    [Theory]
    [InlineData("ContextDependency 3 3 ToPdf CE 0 EndContextDependency ", "central")]
    [InlineData("ContextDependency 1 0 ToPdf CE -1 EndContextDependency ", "-1")]
    [InlineData("ContextDependency 1 0 ToPdf NULL EndContextDependency ", "none")]
    [InlineData("ContextDependency 1 0 ToPdf TE 0 -1 ( ) EndContextDependency ", "-1")]
    [InlineData("ContextDependency 1 0 ToPdf XE 0 EndContextDependency ", "XE")]
    [InlineData("ContextDependency 1 0 ToPdf SE 0 [ 1 ] { CE 1 NULL } EndContextDependency ", "question")]
    public void Read_of_what_is_no_tree_names_the_place(string text, string what)
    {
        var path = _folder.Write("tree", text);

        var error = Assert.Throws<InputException>(() => ContextDependency.Read(path));

        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_bottomless_tree_is_refused()
    {
        var path = _folder.Write("tree", "ContextDependency 1 0 ToPdf " + string.Concat(Enumerable.Repeat("TE 0 1 ( ", 100_000)));

        Assert.Contains("levels", Assert.Throws<InputException>(() => ContextDependency.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_damaged_trees_gives_values_or_a_message()
    {
        var tree = ContextDependency.Read(_folder.Write("tree.txt", Text));
        tree.Write(_folder.At("tree"));

        Fuzzer.Run("tree text", Encoding.ASCII.GetBytes(Text), path => ContextDependency.Read(path));
        Fuzzer.Run("tree", File.ReadAllBytes(_folder.At("tree")), path => ContextDependency.Read(path));
    }

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri1")]
    public void Trees_of_Kaldi_are_written_byte_for_byte(string system)
    {
        var path = SharedData.At($"goldens/kaldi/exp/{system}/tree");
        var tree = ContextDependency.Read(path);

        tree.Write(_folder.At("tree"));
        tree.Write(_folder.At("tree.txt"), binary: false);

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(_folder.At("tree")));
        Assert.Equal(File.ReadAllBytes(path + ".txt"), File.ReadAllBytes(_folder.At("tree.txt")));
        Assert.Equal(TransitionModel.Read(SharedData.At($"goldens/kaldi/exp/{system}/final.mdl")).PdfCount, tree.PdfCount);
    }
}
