using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class TransitionEstimatorTests
{
    [Fact]
    public void Update_takes_shares_of_counts_with_a_floor_and_leaves_rare_states()
    {
        var model = SomeTransitionModel.Make(false);

        var update = TransitionEstimator.Update(model, [0, 6, 2, 1000, 0, 3, 1], new());

        Assert.Equal([0.75, 0.25, 0.99, 0.01, 0.75, 0.25], Probabilities(update.Model), new Near(1e-3));
        Assert.Equal((1, 1, 1012), (update.Floored, update.Skipped, update.Count));
        Assert.Equal((1000 * Math.Log(0.99 / 0.75)), update.Improvement, 0.2);
    }

    [Fact]
    public void Update_shares_the_probabilities_of_a_pdf()
    {
        var topology = SomeTransitionModel.Make(false).Topology;
        var model = new TransitionModel(topology, [new(1, 0, 0), new(1, 1, 1), new(2, 0, 0)]);

        var update = TransitionEstimator.Update(model, [0, 6, 2, 0, 0, 0, 8], new() { ShareForPdfs = true });

        Assert.Equal([0.375, 0.625, 0.75, 0.25, 0.375, 0.625], Probabilities(update.Model), new Near(1e-6));
        Assert.Equal(1, update.Skipped);
    }

    [Fact]
    public void Update_with_counts_of_another_model_is_refused() =>
        Assert.Throws<InputException>(() => TransitionEstimator.Update(SomeTransitionModel.Make(false), new double[3], new()));

    private static double[] Probabilities(TransitionModel model) =>
        [.. Enumerable.Range(1, model.TransitionCount).Select(id => Math.Exp(model.LogProbabilityOf(id)))];

    private sealed class Near(double precision) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= precision;

        public int GetHashCode(double obj) => 0;
    }
}
