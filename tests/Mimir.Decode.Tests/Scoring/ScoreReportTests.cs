using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class ScoreReportTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("mimir-score-").FullName, "scoring");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public void Write_puts_all_files_in_kaldis_forms()
    {
        var words = new SymbolTable();
        words.TryAdd("<eps>", 0);
        words.TryAdd("好", 1);
        words.TryAdd("号", 2);
        words.TryAdd("<UNK>", 3);
        var lattices = new Dictionary<string, WordLattice>
        {
            ["s1-u1"] = Lattice((1, 9, 10), (2, 4, 60)),
            ["s2-u2"] = Lattice((3, 0, 0), (3, 1, 1)),
        };
        var references = new Dictionary<string, string> { ["s1-u1"] = "好", ["s2-u2"] = "号 好" };
        var speakers = new Dictionary<string, string> { ["s1-u1"] = "s1", ["s2-u2"] = "s2" };
        var options = new WeightSearchOptions
        {
            LmWeights = [5, 20],
            WordPenalties = [0, 0.5f],
            Score = new ScoreOptions { Unit = ScoreUnit.Character, Ignored = new HashSet<string>(["<UNK>"]) },
        };

        var table = WeightSearch.Run(lattices, words, references, options, speakers);
        var best = WeightSearch.Best(table);
        ScoreReport.Write(_folder, table, best);

        Assert.Equal((5, 0.5f), (best.LmWeight, best.WordPenalty));
        Assert.Equal("s1-u1 好\ns2-u2 <UNK>\n", Text("hyp.txt"));
        Assert.Equal("%CER 66.67 [ 2 / 3, 0 ins, 2 del, 0 sub ] cer_5_0.5\n", Text("best_cer"));
        Assert.Equal(
            """
            %CER 66.67 [ 2 / 3, 0 ins, 2 del, 0 sub ] cer_5_0.0
            %CER 66.67 [ 2 / 3, 0 ins, 2 del, 0 sub ] cer_5_0.5
            %CER 100.00 [ 3 / 3, 0 ins, 2 del, 1 sub ] cer_20_0.0
            %CER 100.00 [ 3 / 3, 0 ins, 2 del, 1 sub ] cer_20_0.5

            """,
            Text("cer_table"));
        Assert.Equal(
            """
            s1-u1 ref 好
            s1-u1 hyp 好
            s1-u1 op C
            s1-u1 #csid 1 0 0 0
            s2-u2 ref 号 好
            s2-u2 hyp *** ***
            s2-u2 op D D
            s2-u2 #csid 0 0 0 2

            """,
            Text("per_utt"));
        Assert.Equal(
            """
            SPEAKER #SENT #TOKEN Corr Sub Ins Del Err S.Err
            s1 1 1 100.00 0.00 0.00 0.00 0.00 0.00
            s2 1 2 0.00 0.00 0.00 100.00 100.00 100.00
            SUM 2 3 33.33 0.00 0.00 66.67 66.67 50.00

            """,
            Text("per_spk"));
    }

    [Fact]
    public void Hypotheses_penalty_prefers_fewer_words()
    {
        var words = new SymbolTable();
        words.TryAdd("a", 1);
        words.TryAdd("b", 2);
        var builder = new WordLatticeBuilder();
        for (var i = 0; i < 3; i++)
            builder.AddState();
        builder.AddArc(0, new WordArc(1, new LatticeWeight(2, 0), [], 2));
        builder.AddArc(0, new WordArc(2, new LatticeWeight(1, 0), [], 1));
        builder.AddArc(1, new WordArc(2, new LatticeWeight(0.5f, 0), [], 2));
        builder.SetFinal(2, LatticeWeight.One, []);
        var lattices = new Dictionary<string, WordLattice> { ["u"] = builder.Build() };

        Assert.Equal("b b", WeightSearch.Hypotheses(lattices, words, 10, 0.4f)["u"]);
        Assert.Equal("a", WeightSearch.Hypotheses(lattices, words, 10, 0.6f)["u"]);
    }

    private static WordLattice Lattice(params (int Word, float Graph, float Acoustic)[] choices)
    {
        var builder = new WordLatticeBuilder();
        builder.AddState();
        builder.AddState();
        foreach (var (word, graph, acoustic) in choices)
            builder.AddArc(0, new WordArc(word, new LatticeWeight(graph, acoustic), [], 1));

        builder.SetFinal(1, LatticeWeight.One, []);
        return builder.Build();
    }

    private string Text(string file) => File.ReadAllText(Path.Combine(_folder, file));
}
