using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class FeatureMemoryTests
{
    private int _computed;

    [Fact]
    public void A_set_is_computed_once_whatever_its_targets()
    {
        var memory = new FeatureMemory(100);

        var first = memory.Get(new() { Dir = "train", Alignments = "round1" }, Compute);
        var second = memory.Get(new() { Dir = "train", Alignments = "round2", TransitionModel = "final.mdl" }, Compute);
        memory.Get(new() { Dir = "train", Utterances = "part.list" }, Compute);

        Assert.Same(first, second);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public void A_set_that_does_not_fit_is_computed_each_time()
    {
        var memory = new FeatureMemory(10);
        foreach (var name in (string[])["train", "cv", "train", "cv"])
            memory.Get(new() { Dir = name }, Compute);

        Assert.Equal(3, _computed);
    }

    private SetFeatures Compute()
    {
        _computed++;
        return new([], [new FloatMatrix(3, 2)], 1, []);
    }
}
