using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Decode.Tests.Support;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Lattices.Confidence;

/// <summary>Minimum Bayes risk: by hand, by trying all paths, and against Kaldi's lattice-mbr-decode.</summary>
public sealed class MinimumBayesRiskTests
{
    [Fact]
    public void Decode_takes_the_word_that_most_paths_have()
    {
        // Paths 'a c' 0.4, 'b c' 0.3, 'b d' 0.3: the best path is 'a c', but word by word 'b' is more probable.
        var lattice = Paths(([1, 3], 0.4), ([2, 3], 0.3), ([2, 4], 0.3));

        var result = MinimumBayesRisk.Decode(lattice);

        Assert.Equal([2, 3], result.Words.Select(word => word.Word));
        Assert.Equal(0.6, result.Words[0].Confidence, 1e-5);
        Assert.Equal(0.7, result.Words[1].Confidence, 1e-5);
        Assert.Equal([0, 2, 2, 4], result.Words.SelectMany(word => new double[] { word.Begin, word.End }), Near(1e-5));
        Assert.Equal(0.7, result.Risk, 1e-4);
    }

    [Fact]
    public void Decode_leaves_a_word_out_that_most_paths_lack()
    {
        var lattice = Paths(([1, 2], 0.4), ([2], 0.35), ([2], 0.25));

        Assert.Equal([2], MinimumBayesRisk.Decode(lattice).Words.Select(word => word.Word));

        var kept = MinimumBayesRisk.Decode(lattice, new() { Decode = false });
        Assert.Equal([1, 2], kept.Words.Select(word => word.Word));
        Assert.Equal(0.4, kept.Words[0].Confidence, 1e-5);
        Assert.Equal(1, kept.Words[1].Confidence, 1e-5);
        Assert.Equal(5, MinimumBayesRisk.Decode(lattice, new() { Decode = false, KeepSilence = true }).Words.Count);
    }

    [Fact]
    public void Risk_is_the_mean_distance_of_all_paths()
    {
        var random = new Random(3);
        for (var round = 0; round < 20; round++)
        {
            (int[] Words, double Probability)[] paths =
                [.. Enumerable.Range(0, 4).Select(
                    _ => (Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, 4)).ToArray(), 0.25))];
            var result = MinimumBayesRisk.Decode(Paths(paths));
            var words = result.Words.Select(word => word.Word).ToArray();

            // The algorithm keeps an upper bound of the mean distance.
            Assert.InRange(paths.Sum(path => path.Probability * Distance(path.Words, words)), 0, result.Risk + 1e-3);
        }
    }

    [Fact]
    public void Empty_lattices_are_refused() =>
        Assert.Throws<InputException>(() => MinimumBayesRisk.Decode(new WordLatticeBuilder().Build()));

    [SharedDataTheory]
    [InlineData("mbr", 1, 0.1, false)]
    [InlineData("mbr.ac0.02", 0.5, 0.02, true)]
    public void Decode_gives_what_kaldi_gives(string name, double graphScale, double acousticScale, bool wordTimes)
    {
        var words = Table("tra");
        var risks = Table("risk");
        var times = Table("times");
        using var sausages = Posterior.Table.Open($"ark:{SharedLattices.At($"{name}.sausage")}");
        foreach (var (key, lattice) in SharedLattices.Read(graphScale, acousticScale))
        {
            var result = MinimumBayesRisk.Decode(lattice);

            Assert.Equal(words[key], string.Join(' ', result.Words.Select(word => word.Word)));
            Assert.Equal(double.Parse(risks[key], CultureInfo.InvariantCulture), result.Risk, 1e-4);
            Assert.Equal(times[key].Replace(" ;", "", StringComparison.Ordinal).Split(' ').Select(double.Parse), wordTimes
                ? result.Words.SelectMany(word => new double[] { word.Begin, word.End })
                : result.Bins.SelectMany(bin => new double[] { bin.Begin, bin.End }), Near(0.01));
            Assert.True(sausages.TryGet(key, out var bins));
            Assert.Equal(bins.Frames, result.Bins.Count);
            for (var bin = 0; bin < bins.Frames; bin++)
            {
                var theirs = bins.Indices(bin).ToArray().Zip(bins.Weights(bin).ToArray()).Where(word => word.Second > 1e-4).ToDictionary();
                var ours = result.Bins[bin].Words.ToDictionary(word => word.Word, word => word.Confidence);
                Assert.All(theirs, word => Assert.Equal(word.Value, ours[word.Key], 1e-4));
            }
        }

        Dictionary<string, string> Table(string kind) => File.ReadLines(SharedLattices.At($"{name}.{kind}"))
            .Select(line => line.Trim().Split(' ', 2)).ToDictionary(line => line[0], line => line.Length > 1 ? line[1] : "");
    }

    private static Comparison Near(double tolerance) => new(tolerance);

    // One path each, of 2 frames a word and as many at its end as are missing.
    private static WordLattice Paths(params (int[] Words, double Probability)[] paths)
    {
        var builder = new WordLatticeBuilder();
        var start = builder.AddState();
        var frames = 2 * paths.Max(path => path.Words.Length);
        foreach (var (words, probability) in paths)
        {
            var state = start;
            var weight = new LatticeWeight((float)-Math.Log(probability), 0);
            foreach (var word in words)
            {
                var next = builder.AddState();
                builder.AddArc(state, new WordArc(word, weight, [1, 1], next));
                (state, weight) = (next, LatticeWeight.One);
            }

            builder.SetFinal(state, LatticeWeight.One, [.. Enumerable.Repeat(1, frames - (2 * words.Length))]);
        }

        return builder.Build();
    }

    private static int Distance(int[] a, int[] b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var best = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], best);
            }
        }

        return row[^1];
    }

    private sealed class Comparison(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
