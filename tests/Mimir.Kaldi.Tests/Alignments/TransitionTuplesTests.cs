using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Tests.Alignments;

public sealed class TransitionTuplesTests
{
    [Fact]
    public void FromTree_lists_states_by_phone_state_and_distribution()
    {
        var topology = new HmmTopology([new([1, 2], [State(0), State(1), new(-1, -1, [])])]);
        var tree = new ContextDependency(3, 1, TreeStub.Build(1, [new([1], false, true), new([2], true, true)], _ => 2)
            .WithLeaves(leaf => leaf == 1 ? new SplitEventMap(0, [2], new ConstantEventMap(3), new ConstantEventMap(1)) : null));

        var model = TransitionModel.FromTree(tree, topology);

        TransitionTuple[] expected = [new(1, 0, 0), new(1, 1, 1), new(1, 1, 3), new(2, 0, 2), new(2, 1, 2)];
        Assert.Equal(expected, model.Tuples);
        Assert.Equal(2, model.IndexOf(new TransitionTuple(1, 1, 3)));
        Assert.Equal(-1, model.IndexOf(new TransitionTuple(1, 1, 2)));
        Assert.Equal(1, model.TransitionIndexOf(model.TransitionIdOf(2, 1)));
        Assert.Equal(2, topology.PdfClassCountOf(1));
        Assert.Equal(2, topology.ShortestLengthOf(2));

        static HmmState State(int index) => new(index, index, [new(index, 0.5f), new(index + 1, 0.5f)]);
    }

    [Fact]
    public void FromTree_without_a_distribution_for_a_state_is_refused()
    {
        var topology = new HmmTopology([new([1, 2], [new(0, 0, [new(0, 0.5f), new(1, 0.5f)]), new(-1, -1, [])])]);

        var error = Assert.Throws<InputException>(() =>
            TransitionModel.FromTree(ContextDependency.Monophone([[1], [3]], _ => 1), topology));

        Assert.Contains("phone 2", error.Message, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("kaldi/exp/mono/tree", "kaldi/exp/mono/final.mdl")]
    [InlineData("kaldi/exp/tri1/tree", "kaldi/exp/tri1/final.mdl")]
    [InlineData("kaldi-train/tri/tree", "kaldi-train/tri/1.0.mdl")]
    [InlineData("kaldi-chain/tree/tree", "kaldi-chain/0.trans_mdl")]
    public void FromTree_of_trees_of_Kaldi_numbers_as_Kaldi(string tree, string model)
    {
        var expected = TransitionModel.Read(SharedData.At("goldens/" + model));

        var actual = TransitionModel.FromTree(ContextDependency.Read(SharedData.At("goldens/" + tree)), expected.Topology);

        Assert.Equal(expected.Tuples, actual.Tuples);
    }
}
