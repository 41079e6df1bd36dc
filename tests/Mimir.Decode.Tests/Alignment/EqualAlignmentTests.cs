using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Tests.Alignment;

public sealed class EqualAlignmentTests
{
    [Theory]
    [InlineData(3, new[] { 1, 3, 5 })]
    [InlineData(7, new[] { 1, 2, 2, 3, 4, 5, 6 })]
    [InlineData(9, new[] { 1, 2, 2, 3, 4, 4, 5, 6, 6 })]
    public void Find_spreads_the_frames_evenly_and_gives_the_first_states_the_rest(int frames, int[] expected) =>
        Assert.Equal(expected, EqualAlignment.Find(Chain(3), frames, seed: 1).Transitions);

    [Fact]
    public void Find_gives_the_reason_where_frames_are_too_few_or_cannot_be_more()
    {
        Assert.Equal(
            (null, "2 frames are too few: paths drawn through the graph have 3, 3"), EqualAlignment.Find(Chain(3), 2, seed: 1, tries: 2));
        var straight = Chain(2);
        for (var state = 0; state < 3; state++)
            straight.SetArcs(state, straight.Arcs(state).ToArray().Where(arc => arc.Next != state).ToArray());

        Assert.Equal((null, "the path has no self-loops to make its 2 frames 5"), EqualAlignment.Find(straight, 5, seed: 1));
    }

    [Fact]
    public void Find_refuses_graphs_without_an_end()
    {
        var graph = Chain(2);
        graph.SetFinal(2, float.PositiveInfinity);

        Assert.Throws<InputException>(() => EqualAlignment.Find(graph, 5, seed: 1));
        Assert.Throws<InputException>(() => EqualAlignment.Find(new VectorFst(), 5, seed: 1));
    }

    [Fact]
    public void Seed_is_a_hash_of_the_bytes_with_their_sign() =>
        Assert.Equal([0, 97, (97 * 7853) + 98, unchecked(((0xe4 - 256) * 7853 + (0xb8 - 256)) * 7853 + 0xad - 256)],
            new[] { "", "a", "ab", "中" }.Select(EqualAlignment.SeedOf));

    [Fact]
    public void Fewest_frames_counts_the_arcs_with_input()
    {
        var graph = Chain(4);
        Assert.Equal(4, FinalStates.FewestFrames(graph));
        graph.AddArc(1, new FstArc(0, 0, 0, 4));
        Assert.Equal(1, FinalStates.FewestFrames(graph));
        graph.SetFinal(4, float.PositiveInfinity);
        Assert.Null(FinalStates.FewestFrames(graph));
        Assert.Null(FinalStates.FewestFrames(new VectorFst()));
    }

    // Arcs 1, 3, 5 … from state to state, with self-loops 2, 4, 6 … on the states that they lead to.
    private static VectorFst Chain(int length)
    {
        var graph = new VectorFst();
        for (var state = 0; state <= length; state++)
            graph.AddState();

        graph.Start = 0;
        graph.SetFinal(length);
        for (var state = 0; state < length; state++)
        {
            graph.AddArc(state + 1, new FstArc((2 * state) + 2, 0, 0, state + 1));
            graph.AddArc(state, new FstArc((2 * state) + 1, 0, 0, state + 1));
        }

        return graph;
    }
}
