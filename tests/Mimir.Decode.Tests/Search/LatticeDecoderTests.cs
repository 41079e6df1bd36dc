using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Search;

public sealed class LatticeDecoderTests
{
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];
    private static readonly int[] PhoneBegins = [0, 7, 0, 8, 0, 9];
    private static readonly DecoderOptions Wide = new() { Beam = 1000, LatticeBeam = 1000, AcousticScale = 0.7f };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Decode_without_pruning_finds_every_word_sequence_at_its_least_cost(bool phones)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var graph = RandomGraphs.Graph(random, states: 4, transitions: 5, words: 3);
            var scores = RandomGraphs.Scores(random, frames: 1 + random.Next(5), pdfs: 3);

            var solutions = RandomGraphs.Solve(graph, scores, PdfOf, Wide.AcousticScale);
            var words = Words(graph, scores, Wide, phones);

            Assert.Equal(solutions.Count == 0, words.IsPartial);
            if (solutions.Count > 0)
                Same(solutions, Paths(words));
        }
    }

    [Fact]
    public void Decode_with_a_lattice_beam_keeps_all_paths_within_it_exactly()
    {
        for (var seed = 100; seed < 140; seed++)
        {
            var random = new Random(seed);
            var graph = RandomGraphs.Graph(random, states: 4, transitions: 5, words: 3);
            var scores = RandomGraphs.Scores(random, frames: 5, pdfs: 3);
            var solutions = RandomGraphs.Solve(graph, scores, PdfOf, Wide.AcousticScale);
            var limit = solutions.Values.DefaultIfEmpty(0).Min() + 2;
            if (solutions.Count == 0)
                continue;

            var paths = Paths(Words(graph, scores, Wide with { LatticeBeam = 2, PruneInterval = 2 }, phones: false));

            Same(Within(solutions, limit - 1e-3), Within(paths, limit - 1e-3));
            Assert.All(paths, path => Assert.True(solutions[path.Key] <= path.Value + 1e-3));
        }
    }

    [Fact]
    public void Decode_many_frames_keeps_the_precision_of_the_best_path()
    {
        var random = new Random(5);
        var graph = RandomGraphs.Graph(random, states: 4, transitions: 5, words: 3);
        var scores = RandomGraphs.Scores(random, frames: 3000, pdfs: 3);

        var lattice = new LatticeDecoder(graph, PdfOf, Wide with { Beam = 20, LatticeBeam = 1 }).Decode(scores);

        Assert.Equal(Viterbi(graph, scores, Wide.AcousticScale), BestCost(lattice), 1e-2);
    }

    [Fact]
    public void Decode_the_same_utterance_after_others_gives_the_same_lattice()
    {
        var random = new Random(6);
        var graph = RandomGraphs.Graph(random, states: 30, transitions: 5, words: 9);
        var first = RandomGraphs.Scores(random, frames: 60, pdfs: 3);
        var other = RandomGraphs.Scores(random, frames: 200, pdfs: 3);
        var decoder = new LatticeDecoder(graph, PdfOf, new DecoderOptions { Beam = 4, LatticeBeam = 3, MaxActive = 10, MinActive = 2 });

        var before = decoder.Decode(first);
        decoder.Decode(other);
        var after = decoder.Decode(first);

        Assert.Equal(Flat(before), Flat(after));
    }

    [Fact]
    public void Decode_without_final_state_ends_anywhere_and_says_so()
    {
        var builder = new FstBuilder();
        builder.AddState();
        builder.AddState();
        builder.AddState();
        builder.AddArc(0, new FstArc(1, 5, 0, 1));
        builder.AddArc(1, new FstArc(2, 6, 0, 2));
        builder.SetFinal(2);
        var decoder = new LatticeDecoder(builder.Build(), PdfOf, Wide);

        var partial = decoder.Decode(new MatrixScores(new float[] { -1, -1, -1 }, 1, 3));
        var whole = decoder.Decode(new MatrixScores(new float[] { -1, -1, -1, -1, -1, -1 }, 2, 3));

        Assert.True(partial.IsPartial);
        Assert.Equal([5], BestPath.Find(Determinizer.Determinize(partial, new DeterminizerOptions()), 1)!.Words);
        Assert.False(whole.IsPartial);
        Assert.Equal([5, 6], BestPath.Find(Determinizer.Determinize(whole, new DeterminizerOptions()), 1)!.Words);
    }

    [Fact]
    public void Decode_when_nothing_survives_gives_an_empty_lattice()
    {
        var builder = new FstBuilder();
        builder.AddState();
        builder.AddArc(0, new FstArc(1, 5, 0, 0));
        builder.SetFinal(0);
        var decoder = new LatticeDecoder(builder.Build(), PdfOf, Wide);

        var lattice = decoder.Decode(new MatrixScores(new[] { float.NegativeInfinity, 0, 0, 0, 0, 0 }, 2, 3));

        Assert.Equal(0, lattice.StateCount);
        Assert.Null(BestPath.Find(Determinizer.Determinize(lattice, new DeterminizerOptions()), 1));
    }

    [Fact]
    public void Decode_epsilon_into_a_last_state_that_is_not_final_is_pruned_with_it()
    {
        var builder = new FstBuilder();
        for (var state = 0; state < 4; state++)
            builder.AddState();
        builder.AddArc(0, new FstArc(1, 5, 0, 1));
        builder.AddArc(0, new FstArc(2, 6, 0, 2));
        builder.AddArc(0, new FstArc(3, 7, 0, 3));
        builder.AddArc(2, new FstArc(0, 0, 0.5f, 1));
        builder.SetFinal(3);

        var lattice = new LatticeDecoder(builder.Build(), PdfOf, Wide).Decode(new MatrixScores(new float[3], 1, 3));

        Assert.Equal(["7"], Paths(Determinizer.Determinize(lattice, new DeterminizerOptions())).Keys);
    }

    [Fact]
    public void Decode_no_frames_gives_the_empty_path()
    {
        var builder = new FstBuilder();
        builder.AddState();
        builder.SetFinal(0, 2);

        var lattice = new LatticeDecoder(builder.Build(), PdfOf, Wide).Decode(new MatrixScores(Array.Empty<float>(), 0, 3));

        Assert.Equal(2, BestPath.Find(Determinizer.Determinize(lattice, new DeterminizerOptions()), 1)!.Weight.Graph);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Decode_bad_score_names_frame_and_pdf(float bad)
    {
        var graph = RandomGraphs.Graph(new Random(1), states: 3, transitions: 5, words: 3);

        var failure = Assert.Throws<InputException>(() =>
            new LatticeDecoder(graph, PdfOf, Wide).Decode(new MatrixScores(new[] { 0, 0, 0, 0, bad, 0 }, 2, 3)));

        Assert.Contains("pdf 1 in frame 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_graph_of_another_model_fails()
    {
        var graph = RandomGraphs.Graph(new Random(1), states: 9, transitions: 50, words: 3);

        var failure = Assert.Throws<InputException>(() => new LatticeDecoder(graph, PdfOf, Wide));

        Assert.Contains("do not belong together", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// The least cost of a path, in double precision; epsilons of the random graphs lead to later states.
    /// </summary>
    private static double Viterbi(Fst graph, MatrixScores scores, float acousticScale)
    {
        var costs = Enumerable.Range(0, graph.StateCount).Select(s => s == graph.Start ? 0 : double.PositiveInfinity).ToArray();
        for (var frame = 0; frame <= scores.Frames; frame++)
        {
            var next = Enumerable.Repeat(double.PositiveInfinity, graph.StateCount).ToArray();
            for (var state = 0; state < graph.StateCount; state++)
            {
                foreach (var arc in graph.Epsilons(state))
                    costs[arc.Next] = Math.Min(costs[arc.Next], costs[state] + arc.Weight);

                foreach (var arc in frame < scores.Frames ? graph.Emitting(state) : [])
                {
                    var acoustic = -acousticScale * scores.Frame(frame)[PdfOf[arc.Input]];
                    next[arc.Next] = Math.Min(next[arc.Next], costs[state] + arc.Weight + acoustic);
                }
            }

            if (frame < scores.Frames)
                costs = next;
        }

        return costs.Select((cost, state) => cost + graph.Final(state)).Min();
    }

    private static double BestCost(Lattice lattice)
    {
        var costs = Enumerable.Range(0, lattice.StateCount).Select(s => s == 0 ? 0 : double.PositiveInfinity).ToArray();
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                costs[arc.Next] = Math.Min(costs[arc.Next], costs[state] + arc.Weight.Cost);
        }

        return costs.Select((cost, state) => cost + lattice.Final(state).Cost).Min();
    }

    private static WordLattice Words(Fst graph, IAcousticScores scores, DecoderOptions options, bool phones)
    {
        var raw = new LatticeDecoder(graph, PdfOf, options).Decode(scores);
        return Determinizer.Determinize(
            raw, new DeterminizerOptions { Beam = options.LatticeBeam, PhoneBegins = phones ? PhoneBegins : null });
    }

    private static Dictionary<string, double> Paths(WordLattice lattice)
    {
        var paths = new Dictionary<string, double>();
        if (lattice.StateCount > 0)
            Walk(0, "", 0);

        return paths;

        // Add, not an indexer: a word sequence that comes twice is a failure.
        void Walk(int state, string words, double cost)
        {
            if (!lattice.Final(state).IsZero)
                paths.Add(words, cost + lattice.Final(state).Cost);

            foreach (var arc in lattice.Arcs(state))
                Walk(arc.Next, arc.Word == 0 ? words : $"{words} {arc.Word}".Trim(), cost + arc.Weight.Cost);
        }
    }

    private static Dictionary<string, double> Within(Dictionary<string, double> paths, double limit) =>
        paths.Where(path => path.Value <= limit).ToDictionary();

    private static void Same(Dictionary<string, double> expected, Dictionary<string, double> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, path => Assert.Equal(path.Value, actual[path.Key], 1e-3));
    }

    private static List<LatticeArc> Flat(Lattice lattice) =>
        [.. Enumerable.Range(0, lattice.StateCount).SelectMany(state => lattice.Arcs(state).ToArray())];
}
