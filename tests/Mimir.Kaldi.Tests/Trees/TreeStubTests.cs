using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Tests.Trees;

public sealed class TreeStubTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_numbers_leaves_by_root_and_class()
    {
        TreeRoot[] roots = [new([1, 2], true, true), new([3], false, true), new([4, 6], false, false)];

        var tree = new ContextDependency(3, 1, TreeStub.Build(1, roots, _ => 2));

        Assert.Equal(0, tree.PdfOf([5, 2, 5], 1));
        Assert.Equal([1, 2], [tree.PdfOf([0, 3, 0], 0), tree.PdfOf([0, 3, 0], 1)]);
        Assert.Equal([3, 4], [tree.PdfOf([0, 4, 0], 0), tree.PdfOf([0, 6, 0], 1)]);
        Assert.Equal(5, tree.PdfCount);
    }

    [Fact]
    public void Build_of_single_phones_makes_a_table()
    {
        var tree = ContextDependency.Monophone([[1], [3]], phone => phone);

        var table = Assert.IsType<TableEventMap>(tree.ToPdf);
        Assert.Null(table.Branches[2]);
        Assert.Equal([0, 1, 2, 3], tree.ToPdf.Answers);
    }

    [Fact]
    public void Build_with_a_phone_in_two_roots_is_refused()
    {
        Assert.Throws<ArgumentException>(() => ContextDependency.Monophone([[1, 2], [2]], _ => 3));
        Assert.Throws<ArgumentException>(() => ContextDependency.Monophone([[1], []], _ => 3));
        Assert.Throws<ArgumentException>(() => ContextDependency.Monophone([], _ => 3));
    }

    [SharedDataFact]
    public void Monophones_of_Kaldi_are_equal()
    {
        var topology = TransitionModel.Read(SharedData.At("goldens/kaldi-train/mono/0.mdl")).Topology;
        var sets = File.ReadLines(SharedData.At("goldens/kaldi-train/lang/sets.int"))
            .Select(line => line.Split(' ').Select(int.Parse).ToArray());

        ContextDependency.Monophone([.. sets], topology.PdfClassCountOf).Write(_folder.At("tree"), binary: false);

        Assert.Equal(File.ReadAllText(SharedData.At("goldens/kaldi-train/mono/tree.txt")), File.ReadAllText(_folder.At("tree")));
    }
}
