using Mimir.Base;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Search;

public sealed class BatchDecoderTests
{
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];

    [Fact]
    public void Decode_on_any_number_of_threads_gives_the_same_results_in_order()
    {
        var random = new Random(8);
        var graph = RandomGraphs.Graph(random, states: 12, transitions: 5, words: 5);
        var utterances = Enumerable.Range(0, 25).Select(i => KeyValuePair.Create(
            $"u{i:00}", (IAcousticScores)RandomGraphs.Scores(random, frames: 1 + random.Next(20), pdfs: 3))).ToList();
        var options = new DecoderOptions { Beam = 6, LatticeBeam = 1 };

        var one = new BatchDecoder(graph, PdfOf, options, threads: 1).Decode(utterances).ToList();
        var four = new BatchDecoder(graph, PdfOf, options, threads: 4).Decode(utterances).ToList();

        Assert.Equal(utterances.Select(utterance => utterance.Key), four.Select(decoded => decoded.Utterance));
        Assert.Equal(
            one.Select(decoded => (string.Join(' ', decoded.BestPath!.Words), decoded.BestPath.Weight)),
            four.Select(decoded => (string.Join(' ', decoded.BestPath!.Words), decoded.BestPath.Weight)));
    }

    [Fact]
    public void Decode_holds_only_a_few_utterances_at_a_time()
    {
        var graph = RandomGraphs.Graph(new Random(9), states: 4, transitions: 5, words: 5);
        var taken = 0;

        var first = new BatchDecoder(graph, PdfOf, new DecoderOptions(), threads: 2).Decode(Endless()).First();

        Assert.Equal("u0", first.Utterance);
        Assert.InRange(taken, 1, 4);

        IEnumerable<KeyValuePair<string, IAcousticScores>> Endless()
        {
            for (; ; taken++)
                yield return KeyValuePair.Create($"u{taken}", (IAcousticScores)RandomGraphs.Scores(new Random(taken), 5, 3));
        }
    }

    [Fact]
    public void Decode_bad_scores_names_the_utterance()
    {
        var graph = RandomGraphs.Graph(new Random(9), states: 4, transitions: 5, words: 5);
        IAcousticScores scores = new MatrixScores(new[] { float.NaN, 0, 0 }, 1, 3);

        var failure = Assert.Throws<InputException>(() =>
            new BatchDecoder(graph, PdfOf, new DecoderOptions(), threads: 2).Decode([KeyValuePair.Create("u7", scores)]).ToList());

        Assert.StartsWith("utterance u7: ", failure.Message, StringComparison.Ordinal);
    }
}
