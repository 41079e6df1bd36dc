using System.Diagnostics;
using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Graphs;

/// <summary>Loops of arcs without input: those that sum to less than 0 are refused, the others decode.</summary>
public sealed class EpsilonLoopTests
{
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];
    private static readonly DecoderOptions Wide = new() { Beam = 1000, LatticeBeam = 10, AcousticScale = 1 };

    [Theory]
    [InlineData(0.5f, -0.4f)]
    [InlineData(0.3f, -0.3f)]
    [InlineData(0.1f, 0.2f)]
    [InlineData(0f, 0f)]
    public void A_loop_that_does_not_sum_to_less_than_0_changes_no_path(float there, float back)
    {
        var builder = Chain();
        builder.AddArc(0, new FstArc(0, 9, there, 2));
        builder.AddArc(2, new FstArc(0, 0, back, 0));
        var graph = builder.Build();
        var scores = RandomGraphs.Scores(new Random(1), frames: 6, pdfs: 3);

        var lattice = new LatticeDecoder(graph, PdfOf, Wide).Decode(scores);

        Assert.NotNull(graph.Loops);
        Assert.False(lattice.IsPartial);
        Assert.Equal(LeastCost(graph, scores), BestCost(lattice), 1e-3);
    }

    [Theory]
    [InlineData(0.5f, -0.6f, "a loop of 2 arcs without input sums to -0.1")]
    [InlineData(-5f, 4f, "sums to -1")]
    public void A_loop_that_sums_to_less_than_0_is_refused_with_its_state(float there, float back, string expected)
    {
        var builder = Chain();
        builder.AddArc(0, new FstArc(0, 0, there, 2));
        builder.AddArc(2, new FstArc(0, 0, back, 0));

        var error = Assert.Throws<InputException>(() => builder.Build());

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("state ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_leads_to_itself_is_a_loop()
    {
        var builder = Chain();
        builder.AddArc(1, new FstArc(0, 0, -0.25f, 1));

        var error = Assert.Throws<InputException>(() => builder.Build());

        Assert.Contains("state 1: a loop of 1 arcs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_graphs_with_loops_are_refused_exactly_when_a_sum_is_below_0()
    {
        var (refused, decoded) = (0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var builder = Random(random, states: 6, least: seed % 3 == 0 ? -0.5f : 0f);
            Fst graph;
            try
            {
                graph = builder.Build();
            }
            catch (InputException)
            {
                Assert.Equal(0, seed % 3);
                refused++;
                continue;
            }

            var scores = RandomGraphs.Scores(random, frames: 5, pdfs: 3);
            var lattice = new LatticeDecoder(graph, PdfOf, Wide).Decode(scores);
            Assert.Equal(LeastCost(graph, scores), BestCost(lattice), 1e-2);
            decoded++;
        }

        Assert.InRange(refused, 20, 100);
        Assert.InRange(decoded, 200, 280);
    }

    [Fact]
    public void Loops_of_a_large_graph_are_found_in_linear_time()
    {
        // One ring through all states with negative and positive arcs, against the order of their numbers.
        const int states = 200_000;
        var builder = new FstBuilder();
        for (var state = 0; state < states; state++)
            builder.AddState();
        for (var state = 0; state < states; state++)
            builder.AddArc(state, new FstArc(0, 0, state % 2 == 0 ? 1 : -1, (state + states - 1) % states));

        builder.SetFinal(0);
        var start = Stopwatch.GetTimestamp();
        var graph = builder.Build();

        Assert.All(graph.Loops!, loop => Assert.Equal(1, loop));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60));
    }

    private static FstBuilder Chain()
    {
        var builder = new FstBuilder();
        for (var state = 0; state < 3; state++)
        {
            builder.AddState();
            builder.AddArc(state, new FstArc(1 + state, 1 + state, 0.5f, (state + 1) % 3));
            builder.AddArc(state, new FstArc(4, 0, 0.25f, state));
        }

        builder.SetFinal(2);
        return builder;
    }

    // Weights are differences of heights and something from the least on, so that loops sum to at least as much; many to 0.
    private static FstBuilder Random(Random random, int states, float least)
    {
        var builder = new FstBuilder();
        var heights = new float[states];
        for (var state = 0; state < states; state++)
        {
            builder.AddState();
            heights[state] = random.NextSingle();
        }

        for (var state = 0; state < states; state++)
        {
            builder.AddArc(state, new FstArc(1 + random.Next(5), random.Next(3), random.NextSingle(), random.Next(states)));
            for (var arc = random.Next(3); arc > 0; arc--)
            {
                var next = random.Next(states);
                var more = random.Next(2) == 0 ? least : random.NextSingle();
                builder.AddArc(state, new FstArc(0, random.Next(3), heights[next] - heights[state] + more, next));
            }

            builder.SetFinal(state, random.NextSingle());
        }

        return builder;
    }

    private static double LeastCost(Fst graph, MatrixScores scores)
    {
        var costs = Enumerable.Range(0, graph.StateCount).Select(state => state == graph.Start ? 0 : double.PositiveInfinity).ToArray();
        for (var frame = 0; frame <= scores.Frames; frame++)
        {
            for (var round = 0; round < graph.StateCount; round++)
                Relax(graph, costs);

            if (frame == scores.Frames)
                break;

            var next = Enumerable.Repeat(double.PositiveInfinity, graph.StateCount).ToArray();
            for (var state = 0; state < graph.StateCount; state++)
            {
                foreach (var arc in graph.Emitting(state))
                    next[arc.Next] = Math.Min(next[arc.Next], costs[state] + arc.Weight - scores.Frame(frame)[PdfOf[arc.Input]]);
            }

            costs = next;
        }

        return costs.Select((cost, state) => cost + graph.Final(state)).Min();
    }

    private static void Relax(Fst graph, double[] costs)
    {
        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (var arc in graph.Epsilons(state))
                costs[arc.Next] = Math.Min(costs[arc.Next], costs[state] + arc.Weight);
        }
    }

    private static double BestCost(Lattice lattice)
    {
        var costs = Enumerable.Range(0, lattice.StateCount).Select(state => state == 0 ? 0 : double.PositiveInfinity).ToArray();
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                costs[arc.Next] = Math.Min(costs[arc.Next], costs[state] + arc.Weight.Cost);
        }

        return costs.Select((cost, state) => cost + lattice.Final(state).Cost).Min();
    }
}
