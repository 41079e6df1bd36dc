using Mimir.Decode.Lattices;
using Mimir.Train.Sequences;

namespace Mimir.Train.Tests.Sequences;

public sealed class LatticeStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Archives_of_the_same_start_stay_and_those_of_another_go()
    {
        var store = new LatticeStore(_folder.At("lattices"));
        store.Begin("one");
        store.Write("train", 3, new Dictionary<string, WordLattice> { ["u"] = Some() });

        store.Begin("one");
        Assert.True(store.Has("train", 3));
        Assert.False(store.Has("train", 2));
        Assert.False(store.Has("cv", 3));
        var (utterance, lattice) = Assert.Single(store.Read("train", 3));
        Assert.Equal(("u", 2, 7), (utterance, lattice.StateCount, lattice.Arcs(0)[0].Input));

        store.Begin("two");
        Assert.False(store.Has("train", 3));
    }

    private static WordLattice Some()
    {
        var builder = new WordLatticeBuilder();
        var (begin, end) = (builder.AddState(), builder.AddState());
        builder.AddArc(begin, new WordArc(1, new(0.5f, 2), [7], end));
        builder.SetFinal(end, LatticeWeight.One, []);
        return builder.Build();
    }
}
