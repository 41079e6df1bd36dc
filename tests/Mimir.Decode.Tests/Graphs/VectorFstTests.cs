using Mimir.Decode.Graphs;

namespace Mimir.Decode.Tests.Graphs;

public sealed class VectorFstTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-fst-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Arcs_added_in_any_order_are_those_of_a_list()
    {
        var random = new Random(3);
        var fst = new VectorFst();
        var lists = new List<List<FstArc>>();
        for (var step = 0; step < 20_000; step++)
        {
            if (lists.Count == 0 || random.Next(20) == 0)
            {
                Assert.Equal(lists.Count, fst.AddState());
                lists.Add([]);
            }

            var state = random.Next(lists.Count);
            if (random.Next(50) == 0)
            {
                var arcs = Enumerable.Range(0, random.Next(30)).Select(label => new FstArc(label, step, 0, state)).ToArray();
                fst.SetArcs(state, arcs);
                lists[state] = [.. arcs];
            }
            else
            {
                var arc = new FstArc(step, state, random.NextSingle(), state);
                fst.AddArc(state, arc);
                lists[state].Add(arc);
            }
        }

        Assert.Equal(lists.Sum(list => (long)list.Count), fst.ArcCount);
        for (var state = 0; state < lists.Count; state++)
            Assert.Equal(lists[state], fst.Arcs(state).ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Table_read_back_is_the_same(bool binary)
    {
        var path = Path.Combine(_folder, "fsts.ark");
        using (var table = FstTables.Vector.Create(binary ? $"ark:{path}" : $"ark,t:{path}"))
        {
            table.Write("one", Some());
            table.Write("empty", new VectorFst());
            table.Write("two", Some());
        }

        var read = FstTables.Vector.Read($"ark:{path}").ToList();

        Assert.Equal(["one", "empty", "two"], read.Select(entry => entry.Key));
        Assert.Equal(FstText.Write(Some()), FstText.Write(read[2].Value));
        Assert.Equal(-1, read[1].Value.Start);
    }

    [SharedDataFact]
    public void Table_of_kaldis_training_graphs_has_their_text()
    {
        var graphs = FstTables.Vector.Read($"ark:{SharedData.At("goldens/kaldi-train/mono/fsts.ark")}").Take(3).ToList();

        var expected = FstTables.Vector.Read($"ark:{SharedData.At("goldens/kaldi-train/mono/fsts.first3.txt")}").ToList();
        Assert.Equal(expected.Select(entry => entry.Key), graphs.Select(entry => entry.Key));
        Assert.Equal(expected.Select(entry => FstText.Write(entry.Value)), graphs.Select(entry => FstText.Write(entry.Value)));
    }

    /// <summary>A transducer whose start is not its first state.</summary>
    internal static VectorFst Some()
    {
        var fst = new VectorFst();
        for (var i = 0; i < 3; i++)
            fst.AddState();

        fst.Start = 1;
        fst.AddArc(1, new FstArc(0, 3, 0.5f, 2));
        fst.AddArc(1, new FstArc(7, 0, 0, 0));
        fst.SetFinal(2, 0.25f);
        return fst;
    }
}
