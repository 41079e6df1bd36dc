using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Tests.Alignments;

public sealed class AlignmentConverterTests
{
    // One state for each of the phones 1 and 2.
    private static readonly HmmTopology Topology = TopologyOf(0.5f);
    private static readonly ContextDependency Monophones = ContextDependency.Monophone([[1], [2]], _ => 1);
    private static readonly TransitionModel Model = TransitionModel.FromTree(Monophones, Topology);

    // Phone 2 behind phone 1 has a distribution of its own.
    private static readonly ContextDependency Triphones = new(3, 1, TreeStub.Build(1, [new([1], true, true), new([2], true, true)], _ => 1)
        .WithLeaves(leaf => leaf == 1 ? new SplitEventMap(0, [1], new ConstantEventMap(2), new ConstantEventMap(1)) : null));

    private static readonly TransitionModel Target = TransitionModel.FromTree(Triphones, Topology);

    // Self-loops are the odd numbers; each phone leaves its state first.
    private static readonly int[] Alignment = [2, 1, 1, 4, 3, 4];

    [Fact]
    public void Convert_gives_each_phone_the_distribution_of_its_neighbours()
    {
        var converted = new AlignmentConverter(Model, Target, Triphones).Convert(Alignment);

        Assert.Equal([0, 0, 0, 2, 2, 1], converted!.Select(Target.PdfOf));
        Assert.Equal(Alignment.Select(Model.IsSelfLoop), converted!.Select(Target.IsSelfLoop));
    }

    [Fact]
    public void Convert_without_reordering_has_self_loops_before_the_arc_that_leaves()
    {
        var converted = new AlignmentConverter(Model, Model, Monophones, new AlignmentConversion { Reorder = false }).Convert(Alignment);

        Assert.Equal(new[] { 1, 1, 2, 3, 4, 4 }, converted);
    }

    [Fact]
    public void Convert_of_a_cut_alignment_is_null()
    {
        var unordered = new AlignmentConversion { Reorder = false };

        Assert.Null(new AlignmentConverter(Model, Target, Triphones, unordered).Convert([1, 1, 2, 3, 3]));
        Assert.Null(new AlignmentConverter(Model, Target, Triphones, new AlignmentConversion { Subsampling = 4 }).Convert(Alignment));
    }

    [Fact]
    public void Convert_to_another_topology_draws_paths_of_the_same_lengths()
    {
        var other = TransitionModel.FromTree(Monophones, TopologyOf(0.25f));

        var converted = new AlignmentConverter(Model, other, Monophones).Convert(Alignment);

        Assert.Equal(Alignment, converted);
    }

    [Fact]
    public void Convert_maps_phones_and_halves_the_rate()
    {
        var conversion = new AlignmentConversion { Subsampling = 2, PhoneMap = new Dictionary<int, int> { [1] = 2, [2] = 1 } };

        var converted = new AlignmentConverter(Model, Model, Monophones, conversion).Convert(Alignment);

        Assert.Equal([2, 1, 1], converted!.Select(Model.PhoneOf));
        var unmapped = conversion with { PhoneMap = new Dictionary<int, int> { [1] = 2 } };
        Assert.Throws<InputException>(() => new AlignmentConverter(Model, Model, Monophones, unmapped).Convert(Alignment));
    }

    [SharedDataTheory]
    [InlineData("kaldi-train/mono/final.mdl", "kaldi-train/tri/1.mdl", "kaldi-train/tri/tree", "kaldi-train/mono/ali.final.txt",
        "kaldi-train/tri/ali.1.txt", 1, false)]
    [InlineData("kaldi/exp/tri1/final.mdl", "kaldi-chain/tree/mono.mdl", "kaldi-chain/tree/mono.tree", "kaldi/nnet1_steps/ali.txt",
        "kaldi-chain/tree/mono.ali.txt", 3, false)]
    [InlineData("kaldi/exp/tri1/final.mdl", "kaldi-chain/tree/1.mdl", "kaldi-chain/tree/tree", "kaldi/nnet1_steps/ali.txt",
        "kaldi-chain/tree/ali.txt", 3, false)]
    [InlineData("kaldi/exp/tri1/final.mdl", "kaldi-chain/tree/1.mdl", "kaldi-chain/tree/tree", "kaldi/nnet1_steps/ali.txt",
        "kaldi-chain/tree/ali.repeat.txt", 3, true)]
    public void Convert_gives_Kaldis_alignments(
        string from, string to, string tree, string alignments, string expected, int subsampling, bool repeat)
    {
        var converter = new AlignmentConverter(
            TransitionModel.Read(Golden(from)),
            TransitionModel.Read(Golden(to)),
            ContextDependency.Read(Golden(tree)),
            new AlignmentConversion { Subsampling = subsampling, RepeatFrames = repeat });
        var wanted = KaldiTables.IntVector.Read($"ark:{Golden(expected)}").ToDictionary();

        var count = 0;
        foreach (var (key, alignment) in KaldiTables.IntVector.Read($"ark:{Golden(alignments)}"))
        {
            Assert.Equal(wanted[key], converter.Convert(alignment));
            count++;
        }

        Assert.Equal(wanted.Count, count);

        static string Golden(string name) => SharedData.At("goldens/" + name);
    }

    private static HmmTopology TopologyOf(float selfLoop) =>
        new([new([1, 2], [new(0, 0, [new(0, selfLoop), new(1, 1 - selfLoop)]), new(-1, -1, [])])]);
}
