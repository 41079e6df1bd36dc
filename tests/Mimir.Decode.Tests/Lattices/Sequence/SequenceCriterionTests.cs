using Mimir.Base;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Decode.Tests.Support;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Lattices.Sequence;

/// <summary>Criteria of lattices against sums over every path, and their gradients against finite differences.</summary>
public sealed class SequenceCriterionTests
{
    // Phone 1 has transition-ids 1 to 4 of pdfs 0 and 1, phone 2 has 5 and 6 of pdf 2.
    private const int Frames = 4;
    private const int Columns = 4;
    private const double AcousticScale = 0.3;
    private const double GraphScale = 1.7;

    private static readonly TransitionModel Model = SomeTransitionModel.Make(chain: false);
    private static readonly SequenceScales Scales = new(AcousticScale, GraphScale, OldAcoustic: 0.2);
    private static readonly float[] LogPriors = [0.1f, -0.4f, 0.7f, 0];

    // Rows as in a batch of two packed utterances, of which this is the second.
    private static readonly int[] Rows = [1, 3, 5, 7];

    public static TheoryData<string> Criteria =>
    [
        "mmi", "mmi kept", "mmi boosted", "smbr", "smbr, silence wrong", "smbr, no silence", "mpe", "mpe, silence wrong",
    ];

    [Theory]
    [MemberData(nameof(Criteria))]
    public void Objective_is_the_sum_over_all_paths(string name)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var (lattice, reference, outputs) = Some(random, name);

            var result = Criterion(name).Evaluate<double>(new(lattice), reference, Outputs(outputs), []);

            Assert.Equal(BruteForce(name, lattice, reference, outputs), result.Objective, 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Criteria))]
    public void Gradient_is_that_of_finite_differences_but_for_the_acoustic_scale(string name)
    {
        const double Step = 1e-5;
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            var (lattice, reference, outputs) = Some(random, name);
            var gradient = new double[outputs.Length];
            var result = Criterion(name).Evaluate(new(lattice), reference, Outputs(outputs), gradient.AsSpan());

            for (var i = 0; i < outputs.Length; i++)
            {
                var row = Array.IndexOf(Rows, i / Columns);
                var isDropped = name is not "mmi kept" && result.Mismatched.Contains(row);
                double Moved(double step)
                {
                    var moved = (double[])outputs.Clone();
                    moved[i] += step;
                    return Criterion(name).Evaluate<double>(new(lattice), reference, Outputs(moved), []).Objective;
                }

                var expected = isDropped ? 0 : -(Moved(Step) - Moved(-Step)) / (2 * Step) / AcousticScale;
                Assert.Equal(expected, gradient[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Mismatched_frames_are_those_whose_reference_no_path_has()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var (lattice, reference, outputs) = Some(new Random(seed), "mmi");
            var paths = RandomLattices.Paths(lattice);
            int[] expected = [.. Enumerable.Range(0, Frames).Where(
                t => paths.TrueForAll(path => Model.PdfOf(path.Transitions[t]) != Model.PdfOf(reference[t])))];

            var result = Criterion("mmi").Evaluate<double>(new(lattice), reference, Outputs(outputs), []);

            Assert.Equal(expected, result.Mismatched);
        }
    }

    [Fact]
    public void Posterior_of_the_reference_is_that_of_all_paths_with_its_pdf()
    {
        var (lattice, reference, outputs) = Some(new Random(5), "mmi");
        var paths = Paths(lattice, outputs);
        var weights = paths.ConvertAll(path => Math.Exp(path.Score));

        var result = Criterion("mmi").Evaluate<double>(new(lattice), reference, Outputs(outputs), []);

        var expected = Enumerable.Range(0, Frames).Sum(t =>
            weights.Where((_, i) => Model.PdfOf(paths[i].Transitions[t]) == Model.PdfOf(reference[t])).Sum() / weights.Sum());
        Assert.Equal(expected, result.OnReference, 1e-9);
    }

    [Fact]
    public void Single_precision_gives_the_same_to_its_digits()
    {
        var (lattice, reference, outputs) = Some(new Random(3), "smbr");
        var gradient = new double[outputs.Length];
        var single = new float[outputs.Length];
        float[] narrow = [.. outputs.Select(value => (float)value)];

        var expected = Criterion("smbr").Evaluate(new(lattice), reference, Outputs(outputs), gradient.AsSpan());
        var actual = Criterion("smbr").Evaluate(
            new(lattice), reference, new OutputRows<float>(narrow, Columns, Rows, LogPriors), single.AsSpan());

        Assert.Equal(expected.Objective, actual.Objective, 1e-5);
        Assert.All(gradient.Zip(single), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void A_part_that_does_not_fit_is_refused_with_its_numbers()
    {
        var (lattice, reference, outputs) = Some(new Random(1), "mmi");
        var criterion = Criterion("mmi");
        string Refusal(int[] alignment, int columns, double[] values) => Assert.Throws<InputException>(() => criterion.Evaluate<double>(
            new(lattice), alignment, new(values, columns, Rows), [])).Message;

        Assert.Contains("the reference 3", Refusal(reference[..3], Columns, outputs), StringComparison.Ordinal);
        Assert.Contains("the reference has 7", Refusal([7, .. reference[1..]], Columns, outputs), StringComparison.Ordinal);
        Assert.Contains("only 2 outputs", Refusal(reference, 2, outputs), StringComparison.Ordinal);
        Assert.Contains(
            "not finite", Refusal(reference, Columns, [.. outputs.Select(_ => double.NaN)]), StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new DenominatorLattice(new LatticeBuilder().Build()));
    }

    private static OutputRows<double> Outputs(double[] values) => new(values, Columns, Rows, LogPriors);

    private static SequenceCriterion Criterion(string name)
    {
        if (name.StartsWith("mmi", StringComparison.Ordinal))
            return new MutualInformation(Model, Scales, dropFrames: name != "mmi kept");

        var unit = name.StartsWith("smbr", StringComparison.Ordinal) ? AccuracyUnit.State : AccuracyUnit.Phone;
        HashSet<int> silence = name.EndsWith("no silence", StringComparison.Ordinal) ? [] : [1];
        return new FrameAccuracy(
            Model, Scales, new(unit, silence, !name.EndsWith("silence wrong", StringComparison.Ordinal)));
    }

    // A lattice with a state for each two paths, some arcs without a frame, and ends of their own weights.
    private static (Lattice Lattice, int[] Reference, double[] Outputs) Some(Random random, string name)
    {
        var builder = new LatticeBuilder();
        var layers = new int[Frames + 1][];
        for (var t = 0; t <= Frames; t++)
            layers[t] = t == 0 ? [builder.AddState()] : [builder.AddState(), builder.AddState()];

        for (var t = 0; t < Frames; t++)
        {
            var transitions = Enumerable.Range(1, 6).ToArray();
            random.Shuffle(transitions);
            var next = 0;
            foreach (var from in layers[t])
            {
                foreach (var to in layers[t + 1])
                    builder.AddArc(from, new(transitions[next++], 0, Weight(random), to));
            }

            if (layers[t].Length == 2 && random.Next(2) == 0)
                builder.AddArc(layers[t][0], new(0, 0, Weight(random), layers[t][1]));
        }

        foreach (var end in layers[Frames])
            builder.SetFinal(end, Weight(random));

        int[] reference = [.. Enumerable.Range(0, Frames).Select(_ => random.Next(1, 7))];
        double[] outputs = [.. Enumerable.Range(0, 2 * Frames * Columns).Select(_ => (4 * random.NextDouble()) - 2)];
        var lattice = builder.Build();
        if (name == "mmi boosted")
            lattice = LatticeBoost.Apply(lattice, Model, reference, new(0.5f, new HashSet<int> { 2 }, 0.2f));

        return (lattice, reference, outputs);
    }

    private static LatticeWeight Weight(Random random) => new(random.NextSingle(), random.NextSingle());

    private static double BruteForce(string name, Lattice lattice, int[] reference, double[] outputs)
    {
        var paths = Paths(lattice, outputs);
        var total = Math.Log(paths.Sum(path => Math.Exp(path.Score)));
        if (name.StartsWith("mmi", StringComparison.Ordinal))
            return (AcousticScale * reference.Select((tid, t) => Likelihood(t, tid, outputs)).Sum()) - total;

        return paths.Sum(path => Math.Exp(path.Score - total) * path.Transitions.Select((tid, t) => Right(name, tid, reference[t])).Sum());
    }

    private static double Right(string name, int transition, int reference)
    {
        var same = name.StartsWith("smbr", StringComparison.Ordinal)
            ? Model.PdfOf(transition) == Model.PdfOf(reference)
            : Model.PhoneOf(transition) == Model.PhoneOf(reference);
        bool IsSilence(int id) => !name.EndsWith("no silence", StringComparison.Ordinal) && Model.PhoneOf(id) == 1;
        return name.EndsWith("silence wrong", StringComparison.Ordinal)
            ? same && !IsSilence(transition) ? 1 : 0
            : same || (IsSilence(transition) && IsSilence(reference)) ? 1 : 0;
    }

    private static double Likelihood(int frame, int transition, double[] outputs) =>
        outputs[(Rows[frame] * Columns) + Model.PdfOf(transition)] - LogPriors[Model.PdfOf(transition)];

    private static List<(int[] Transitions, double Score)> Paths(Lattice lattice, double[] outputs)
    {
        var paths = new List<(int[], double)>();
        Walk(0, [], 0);
        return paths;

        void Walk(int state, int[] transitions, double score)
        {
            if (!lattice.Final(state).IsZero)
                paths.Add((transitions, score + Old(lattice.Final(state))));

            foreach (var arc in lattice.Arcs(state).ToArray())
            {
                var likelihood = arc.Input == 0 ? 0 : AcousticScale * Likelihood(transitions.Length, arc.Input, outputs);
                Walk(
                    arc.Next, arc.Input == 0 ? transitions : [.. transitions, arc.Input], score + likelihood + Old(arc.Weight));
            }
        }

        static double Old(LatticeWeight weight) => -(GraphScale * weight.Graph) - (AcousticScale * 0.2 * weight.Acoustic);
    }
}
