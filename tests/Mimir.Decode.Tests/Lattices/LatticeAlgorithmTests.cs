using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Decode.Scoring;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Lattices;

/// <summary>What is found in a lattice, against all of its paths one by one.</summary>
public sealed class LatticeAlgorithmTests
{
    private const int Rounds = 20;

    [Fact]
    public void Best_paths_come_in_order_and_each_once()
    {
        foreach (var lattice in Lattices())
        {
            var all = RandomLattices.Paths(lattice).Select(path => path.Cost).Order().ToList();

            var best = NBest.Best(lattice, 10).ToList();
            var costs = best.ConvertAll(path => RandomLattices.Paths(path).Single().Cost);

            Assert.Equal(Math.Min(10, all.Count), best.Count);
            Assert.All(all.Zip(costs), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
            Assert.Equal(best.Count, best.Select(path => Text(RandomLattices.Paths(path).Single())).Distinct().Count());
        }
    }

    [Fact]
    public void Random_paths_are_the_lattices_and_the_seeds()
    {
        var lattice = Lattices().First();
        var all = RandomLattices.Paths(lattice).Select(path => path.Words).ToHashSet();

        var paths = NBest.Random(lattice, 20, seed: 3).Select(path => RandomLattices.Paths(path).Single()).ToList();

        Assert.All(paths, path => Assert.Contains(path.Words, all));
        Assert.All(paths, path => Assert.Equal(0, path.Cost));
        Assert.Equal(paths.Select(Text), NBest.Random(lattice, 20, seed: 3).Select(path => Text(RandomLattices.Paths(path).Single())));
    }

    [Fact]
    public void Pruning_keeps_arcs_of_paths_within_the_beam()
    {
        var removed = 0;
        foreach (var lattice in Lattices())
        {
            var paths = RandomLattices.Paths(lattice);
            var best = paths.Min(path => path.Cost);

            var pruned = RandomLattices.Paths(LatticePruner.Prune(lattice.ToWords(), 1).ToLattice());

            Assert.Equal(best, pruned.Min(path => path.Cost), 1e-5);
            Assert.Subset(pruned.Select(Text).ToHashSet(), paths.Where(path => path.Cost < best + 0.999).Select(Text).ToHashSet());
            removed += paths.Count - pruned.Count;
        }

        Assert.True(removed > 0);
    }

    [Fact]
    public void Oracle_has_the_fewest_errors_of_all_paths()
    {
        var random = new Random(4);
        foreach (var lattice in Lattices())
        {
            int[] reference = [.. Enumerable.Range(0, 4).Select(_ => 1 + random.Next(3))];

            var oracle = LatticeOracle.Find(lattice.ToWords(), reference) ?? throw new InputException("empty");

            Assert.Equal(RandomLattices.Paths(lattice).Min(path => Errors(reference, path.Words)), oracle.Errors.Errors);
            Assert.Equal(oracle.Errors.Errors, EditDistance.Count(EditDistance.Align(reference, [.. oracle.Words])).Errors);
            var restricted = RandomLattices.Paths(LatticeOracle.Restrict(lattice.ToWords(), oracle.Words).ToLattice()).Single();
            Assert.Equal(string.Join(' ', oracle.Words), restricted.Words);
            Assert.Equal(
                RandomLattices.Paths(lattice).Where(path => path.Words == restricted.Words).Min(path => path.Cost), restricted.Cost, 1e-4);
        }
    }

    [Fact]
    public void Posteriors_are_sums_over_paths()
    {
        foreach (var lattice in Lattices())
        {
            var paths = RandomLattices.Paths(lattice);
            var total = paths.Sum(path => Math.Exp(-path.Cost));

            var posteriors = LatticePosteriors.Compute(lattice);

            Assert.Equal(Math.Log(total), posteriors.LogLikelihood, 1e-4);
            for (var frame = 0; frame < posteriors.Transitions.Frames; frame++)
            {
                var indices = posteriors.Transitions.Indices(frame).ToArray();
                foreach (var (index, weight) in indices.Zip(posteriors.Transitions.Weights(frame).ToArray()))
                {
                    var sum = paths.Where(path => path.Transitions[frame] == index).Sum(path => Math.Exp(-path.Cost));
                    Assert.Equal(sum / total, weight, 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Determinized_lattices_get_the_costs_of_their_frames_back()
    {
        foreach (var lattice in Lattices())
        {
            var restored = FrameScores.Restore(lattice, lattice);

            // Transition-ids that come twice in a frame share the mean.
            Assert.Equal(
                Enumerable.Range(0, lattice.StateCount).Sum(state => lattice.Arcs(state).ToArray().Sum(arc => arc.Weight.Acoustic)),
                Enumerable.Range(0, restored.StateCount).Sum(state => restored.Arcs(state).ToArray().Sum(arc => arc.Weight.Acoustic)),
                1e-3);
        }
    }

    [Fact]
    public void Paths_of_several_lengths_are_refused_where_times_matter()
    {
        var builder = new LatticeBuilder();
        builder.AddState();
        builder.SetFinal(builder.AddState(), LatticeWeight.One);
        builder.AddArc(0, new LatticeArc(1, 1, LatticeWeight.One, 1));
        builder.AddArc(0, new LatticeArc(0, 2, LatticeWeight.One, 1));
        var lattice = builder.Build();

        Assert.Contains(
            "frames", Assert.Throws<InputException>(() => LatticePosteriors.Compute(lattice)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => LatticeDepth.PerFrame(lattice.ToWords()));
        Assert.Throws<InputException>(() => MinimumBayesRisk.Decode(lattice.ToWords()));
    }

    private static IEnumerable<Lattice> Lattices() =>
        Enumerable.Range(0, Rounds).Select(round => RandomLattices.MakeEven(new Random(round), frames: 4, width: 2));

    private static long Errors(int[] reference, string words) => EditDistance.Count(EditDistance.Align(
        reference, words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray())).Errors;

    private static string Text((string Words, int[] Transitions, double Cost) path) =>
        $"{path.Words}|{string.Join(' ', path.Transitions)}|{path.Cost:F3}";
}
