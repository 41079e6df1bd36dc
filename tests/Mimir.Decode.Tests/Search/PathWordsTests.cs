using Mimir.Decode.Graphs;
using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class PathWordsTests
{
    [Fact]
    public void Find_gives_the_frame_before_which_the_graph_says_each_word()
    {
        var words = new PathWords(Loop(), 4);

        Assert.Equal([(1, 0), (2, 3), (2, 5)], words.Find([1, 2, 2, 3, 4, 3]));
        Assert.Equal([(2, 0)], words.Find([3, 4, 4]));
        Assert.Equal([], words.Find([]));
    }

    [Fact]
    public void Find_takes_the_cheaper_of_words_that_sound_alike()
    {
        var graph = Loop();
        var builder = new VectorFst();
        builder.Start = builder.AddState(0);
        builder.AddArc(0, new FstArc(1, 1, 2, 0));
        builder.AddArc(0, new FstArc(1, 2, 1, 0));

        Assert.Equal([(2, 0), (2, 1)], new PathWords(builder.ToFst(), 1).Find([1, 1]));
        Assert.Equal([(1, 0)], new PathWords(graph, 4).Find([1]));
    }

    [Fact]
    public void Find_gives_nothing_where_the_graph_has_no_such_path()
    {
        Assert.Null(new PathWords(Loop(), 4).Find([2, 1]));
        Assert.Null(new PathWords(Loop(), 4).Find([1, 4]));
    }

    // Words 1 and 2 in any order: a transition-id that enters, and one that stays.
    private static Fst Loop()
    {
        var loop = new VectorFst();
        loop.Start = loop.AddState(0);
        for (var word = 1; word <= 2; word++)
        {
            var state = loop.AddState();
            loop.AddArc(0, new FstArc((2 * word) - 1, word, 0.5f, state));
            loop.AddArc(state, new FstArc(2 * word, 0, 0.3f, state));
            loop.AddArc(state, new FstArc(0, 0, 0.1f, 0));
        }

        return loop.ToFst();
    }
}
