using Mimir.Base;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Tests.Trees;

public sealed class TreeGrowerTests : IDisposable
{
    // Phone 1 is silence; phones 2, 3 and 4 have one state, as it has.
    private static readonly HmmTopology Topology = new([new([1, 2, 3, 4], [new(0, 0, [new(0, 0.5f), new(1, 0.5f)]), new(-1, -1, [])])]);
    private static readonly TransitionModel Model =
        TransitionModel.FromTree(ContextDependency.Monophone([[1], [2], [3], [4]], Topology.PdfClassCountOf), Topology);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grow_splits_a_phone_that_sounds_otherwise_behind_another()
    {
        var grower = new TreeGrower(Model, TreePhones.Simple(Topology, new HashSet<int> { 1 }));
        var random = new SeededRandom(1);
        for (var utterance = 0; utterance < 20; utterance++)
            AddUtterance(grower, utterance % 2 == 0 ? [1, 2, 4, 1] : [1, 3, 4, 1], random);

        var grown = grower.Grow(new TreeSize { Threshold = 50, ClusterThreshold = 0, RoundLeaves = false });

        Assert.Equal(5, grown.Tree.PdfCount);
        Assert.NotEqual(grown.Tree.PdfOf([2, 4, 1], 0), grown.Tree.PdfOf([3, 4, 1], 0));
        Assert.Equal(grown.Tree.PdfOf([1, 2, 4], 0), grown.Tree.PdfOf([4, 2, 3], 0));
        int[] alignment = [.. IdsOf(1), .. IdsOf(3), .. IdsOf(4), .. IdsOf(1)];
        var converted = grower.ConverterTo(grown).Convert(alignment);
        Assert.Equal(grown.Tree.PdfOf([3, 4, 1], 0), grown.Model.PdfOf(converted![20]));
        Assert.Equal(alignment.Select(Model.PhoneOf), converted.Select(grown.Model.PhoneOf));
    }

    [Fact]
    public void Grow_of_nothing_or_of_cut_alignments_is_refused()
    {
        var grower = new TreeGrower(Model, TreePhones.Simple(Topology, new HashSet<int> { 1 }));

        Assert.False(grower.Add(new FloatMatrix(2, 3), [1, 1]));
        Assert.Throws<InputException>(() => grower.Grow(new TreeSize()));
        Assert.Throws<ArgumentException>(() => grower.Add(new FloatMatrix(2, 3), [2]));
        Assert.True(grower.Add(new FloatMatrix(1, 3), [2]));
        Assert.Throws<InputException>(() => grower.Add(new FloatMatrix(1, 4), [2]));
        Assert.Throws<InputException>(() => new TreeGrower(Model, TreePhones.Simple(Topology, new HashSet<int>()), 3, 3));
    }

    [SharedDataFact]
    public void Grow_of_kaldis_features_and_alignments_is_kaldis_tree()
    {
        var train = SharedData.At("goldens/kaldi-train");
        var lang = _folder.At("lang");
        Directory.CreateDirectory(Path.Combine(lang, "phones"));
        foreach (var file in (ReadOnlySpan<string>)["sets.int", "roots.int", "context_indep.int", "extra_questions.int"])
            File.Copy($"{train}/lang/{file}", Path.Combine(lang, "phones", file));

        var model = TransitionModel.Read($"{train}/tri/2.mdl");
        var transform = KaldiTables.Matrix.ReadOne($"{train}/lda/0.mat");
        var alignments = AlignmentSet.Read($"{train}/tri/ali.2.txt", model);
        var grower = new TreeGrower(model, TreePhones.Read(lang));
        foreach (var (key, features) in KaldiTables.Matrix.Read($"ark:{train}/data/feats.ark"))
            Assert.True(grower.Add(Project(Splice(features, 3), transform), alignments.TransitionsOf(key)));

        var grown = grower.Grow(new TreeSize { MaxLeaves = 80 });
        grown.Statistics.Write(_folder.At("treeacc"), binary: false);
        TreeStatistics.Read($"{train}/lda/treeacc").Write(_folder.At("kaldi"), binary: false);

        Assert.InRange(Numbers.LargestDifference(_folder.At("kaldi"), _folder.At("treeacc")), 0, 1e-4);
        Assert.Equal(0, grown.Tree.PdfCount % 8);
        Assert.Equal(grown.Tree.PdfCount, grown.Model.PdfCount);
        Assert.NotNull(grower.ConverterTo(grown).Convert(alignments.TransitionsOf(alignments.Utterances.First())));
    }

    private static FloatMatrix Splice(FloatMatrix features, int context)
    {
        var spliced = new FloatMatrix(features.Rows, features.Columns * ((2 * context) + 1));
        for (var row = 0; row < features.Rows; row++)
        {
            for (var offset = -context; offset <= context; offset++)
            {
                features.Row(Math.Clamp(row + offset, 0, features.Rows - 1))
                    .CopyTo(spliced.Row(row)[((offset + context) * features.Columns)..]);
            }
        }

        return spliced;
    }

    private static FloatMatrix Project(FloatMatrix features, FloatMatrix transform)
    {
        var projected = new FloatMatrix(features.Rows, transform.Rows);
        for (var row = 0; row < features.Rows; row++)
        {
            for (var d = 0; d < transform.Rows; d++)
            {
                for (var k = 0; k < transform.Columns; k++)
                    projected[row, d] += transform[d, k] * features[row, k];
            }
        }

        return projected;
    }

    // Ten frames a phone; the first value is the phone's, and that of phone 4 depends on the phone before.
    private static void AddUtterance(TreeGrower grower, int[] phones, SeededRandom random)
    {
        var features = new FloatMatrix(10 * phones.Length, 2);
        for (var frame = 0; frame < features.Rows; frame++)
        {
            var phone = phones[frame / 10];
            features[frame, 0] = (float)((5 * phone) + (phone == 4 && phones[1] == 2 ? 8 : 0) + random.NextNormal());
            features[frame, 1] = (float)random.NextNormal();
        }

        Assert.True(grower.Add(features, [.. phones.SelectMany(IdsOf)]));
    }

    // The arc that leaves, then nine self-loops.
    private static IEnumerable<int> IdsOf(int phone) => Enumerable.Repeat((2 * phone) - 1, 9).Prepend(2 * phone);
}
