using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Search;

public sealed class BeamSearchTests
{
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];

    [Fact]
    public void Begin_after_many_utterances_needs_no_more_room_than_after_one()
    {
        var random = new Random(7);
        var graph = RandomGraphs.Graph(random, states: 40, transitions: 5, words: 9);
        var scores = RandomGraphs.Scores(random, frames: 300, pdfs: 3);
        var search = new BeamSearch(graph, PdfOf, new DecoderOptions { Beam = 6, LatticeBeam = 1 });

        var rooms = Enumerable.Range(0, 20).Select(_ => Decode()).ToList();

        Assert.All(rooms, room => Assert.Equal(rooms[0], room));

        (int Tokens, int Links) Decode()
        {
            search.Begin();
            for (var frame = 0; frame < scores.Frames; frame++)
                search.Advance(scores.Frame(frame));

            Assert.True(search.Finish().StateCount > 0);
            return (search.Store.Tokens.Length, search.Store.Links.Length);
        }
    }

    [Fact]
    public void EndCost_without_a_final_state_is_infinite()
    {
        var builder = new Mimir.Decode.Graphs.FstBuilder();
        for (var state = 0; state < 3; state++)
            builder.AddState();
        builder.AddArc(0, new(1, 5, 0, 1));
        builder.AddArc(1, new(2, 6, 0, 2));
        builder.AddArc(1, new(1, 0, 1, 1));
        builder.SetFinal(2, 0.5f);
        var search = new BeamSearch(builder.Build(), PdfOf, new DecoderOptions { AcousticScale = 1 });

        search.Begin();
        search.Advance(new float[3]);
        var first = search.EndCost();
        search.Advance(new float[3]);

        Assert.Equal(float.PositiveInfinity, first);
        Assert.Equal(0.5f, search.EndCost());
    }
}
