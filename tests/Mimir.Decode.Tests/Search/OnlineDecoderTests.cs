using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Tests.Search;

public sealed class OnlineDecoderTests
{
    private const string Digits = "goldens/kaldi/exp";
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];
    private static readonly DecoderOptions Narrow = new() { Beam = 6, LatticeBeam = 0.5f, AcousticScale = 0.7f, PruneInterval = 5 };
    private static readonly EndpointOptions Whole = new() { Rules = [] };

    [Fact]
    public void Accept_without_rules_gives_the_lattice_of_the_whole_utterance()
    {
        var random = new Random(21);
        var graph = RandomGraphs.Graph(random, states: 12, transitions: 5, words: 7);
        var scores = RandomGraphs.Scores(random, frames: 43, pdfs: 3);
        var decoder = new OnlineDecoder(graph, PdfOf, Narrow, Whole);

        foreach (var chunk in Chunks(scores, 7))
            Assert.Empty(decoder.Accept(chunk));
        var online = decoder.Finish()!;

        IAcousticScores whole = scores;
        var offline = new BatchDecoder(graph, PdfOf, Narrow, threads: 1).Decode([KeyValuePair.Create("u", whole)]).Single();
        Assert.Equal((0, 43, -1), (online.FirstFrame, online.Frames, online.Rule));
        Assert.Empty(LatticeComparison.Differences(offline.Lattice, online.Lattice, 0));
        Assert.Null(decoder.Finish());
    }

    [Fact]
    public void Accept_cuts_at_the_same_frames_however_the_stream_is_divided()
    {
        var random = new Random(22);
        var graph = RandomGraphs.Graph(random, states: 12, transitions: 5, words: 7);
        var scores = RandomGraphs.Scores(random, frames: 400, pdfs: 3);
        var endpoints = new EndpointOptions
        {
            Rules =
            [
                new() { MinTrailingSilence = 0.02f, MaxRelativeCost = 3 },
                new() { MinTrailingSilence = 0, MinUtteranceLength = 0.6f },
            ],
            Silence = new HashSet<int> { 1, 4 },
            Interval = 3,
        };

        var single = Decode(1);
        Assert.True(single.Count > 3);
        Assert.Equal(400, single.Sum(utterance => utterance.Frames));
        Assert.All([2, 7, 50, 400], size => Assert.Equal(single, Decode(size)));

        List<(long, int Frames, int, LatticeWeight)> Decode(int size)
        {
            var decoder = new OnlineDecoder(graph, PdfOf, Narrow, endpoints);
            var utterances = Chunks(scores, size).SelectMany(decoder.Accept).ToList();
            if (decoder.Finish() is { } last)
                utterances.Add(last);

            return [.. utterances.Select(u => (u.FirstFrame, u.Frames, u.Rule, u.BestPath!.Weight))];
        }
    }

    [Fact]
    public void Current_is_the_best_path_without_regard_to_final_states()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var builder = RandomGraphs.Builder(random, states: 6, transitions: 5, words: 7);
            var graph = builder.Build();
            for (var state = 0; state < 6; state++)
                builder.SetFinal(state, 0);
            var scores = RandomGraphs.Scores(random, frames: 40, pdfs: 3);
            var decoder = new OnlineDecoder(graph, PdfOf, Narrow, Whole);
            var offline = new LatticeDecoder(builder.Build(), PdfOf, Narrow);

            foreach (var (chunk, frames) in Chunks(scores, 8).Select((chunk, index) => (chunk, 8 * (index + 1))))
            {
                decoder.Accept(chunk);
                var current = decoder.Current();

                var lattice = offline.Decode(new MatrixScores(Rows(scores, 0, frames), frames, 3));
                var best = BestPath.Find(Determinizer.Determinize(lattice, new DeterminizerOptions { Beam = 0.1 }), 1)!;
                Assert.Equal(best.Words, current.Words);
                Assert.Equal((frames, current.Words.Count), (current.Frames, current.Begins.Count));
                Assert.Equal(current.Begins.Order(), current.Begins);
            }
        }
    }

    [Fact]
    public void Accept_when_nothing_survives_gives_an_empty_lattice_and_goes_on()
    {
        var builder = new FstBuilder();
        builder.AddState();
        builder.AddArc(0, new FstArc(1, 5, 0, 0));
        builder.SetFinal(0);
        var rule = new EndpointRule { MustContainSpeech = false, MinTrailingSilence = 0, MinUtteranceLength = 0.02f };
        var endpoints = new EndpointOptions { Rules = [rule], Interval = 1 };
        var decoder = new OnlineDecoder(builder.Build(), PdfOf, Narrow, endpoints);

        var ended = decoder.Accept(new MatrixScores(new[] { float.NegativeInfinity, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, 4, 3));

        Assert.Equal([0, 2], ended.Select(utterance => utterance.FirstFrame));
        Assert.Null(ended[0].BestPath);
        Assert.Equal([5, 5], ended[1].BestPath!.Words);
        Assert.Empty(decoder.Current().Words);
    }

    [Fact]
    public void Accept_a_bad_score_leaves_the_stream_usable()
    {
        var random = new Random(23);
        var decoder = new OnlineDecoder(RandomGraphs.Graph(random, states: 6, transitions: 5, words: 7), PdfOf, Narrow, Whole);
        decoder.Accept(RandomGraphs.Scores(random, frames: 2, pdfs: 3));

        Assert.Throws<InputException>(() => decoder.Accept(new MatrixScores(new[] { 0, float.NaN, 0 }, 1, 3)));
        Assert.Throws<InputException>(() => decoder.Accept(new MatrixScores(new float[2], 1, 2)));
        decoder.Accept(RandomGraphs.Scores(random, frames: 2, pdfs: 3));

        Assert.Equal(4, decoder.Finish()!.BestPath!.Alignment.Count);
    }

    [SharedDataFact]
    public void Accept_digits_in_a_row_are_cut_in_their_pauses()
    {
        var model = TransitionModel.Read(SharedData.At($"{Digits}/tri1/final.mdl"));
        var silence = File.ReadAllText(SharedData.At($"{Digits}/lang/silence.csl")).Trim().Split(':').Select(int.Parse);
        var silent = EndpointOptions.TransitionsOf(model, silence);
        var decoder = new OnlineDecoder(
            FstReader.Read(SharedData.At($"{Digits}/tri1/HCLG.fst.gz")),
            model.ToPdfMap(),
            new DecoderOptions { Beam = 13, LatticeBeam = 8, MaxActive = 7000, AcousticScale = 0.1f },
            new EndpointOptions { Silence = silent });
        var expected = Transcripts(SharedData.At($"{Digits}/decode/dnn.test2.tra"));

        // 1.2 s in which silence is by far the likeliest.
        var pdfs = silent.Select(model.PdfOf).ToHashSet();
        var frame = Enumerable.Range(0, model.PdfCount).Select(pdf => pdfs.Contains(pdf) ? 0f : -40f);
        var pause = Enumerable.Repeat(frame, 120).SelectMany(row => row).ToArray();

        var words = new Dictionary<string, string>();
        foreach (var (key, matrix) in TextGolden.Matrices(SharedData.At($"{Digits}/dnn3x512/test2.llk.txt.gz")))
        {
            var ended = decoder.Accept(new MatrixScores(matrix.Values.Concat(pause).ToArray(), matrix.Rows + 120, matrix.Columns));
            words[key] = string.Join(' ', ended.SelectMany(utterance => utterance.BestPath!.Words));
            Assert.All(ended, utterance => Assert.InRange(utterance.Rule, 1, 2));
            Assert.InRange(decoder.Current().Frames, 0, 60);
        }

        Assert.Equal(expected, words);
        Assert.Empty(decoder.Current().Words);
    }

    private static Dictionary<string, string> Transcripts(string path) =>
        Mimir.Decode.Scoring.Transcripts.Read(path).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static IEnumerable<MatrixScores> Chunks(MatrixScores scores, int size)
    {
        for (var first = 0; first < scores.Frames; first += size)
        {
            var frames = Math.Min(size, scores.Frames - first);
            yield return new MatrixScores(Rows(scores, first, frames), frames, scores.Pdfs);
        }
    }

    private static float[] Rows(MatrixScores scores, int first, int count) =>
        [.. Enumerable.Range(first, Math.Min(count, scores.Frames - first)).SelectMany(frame => scores.Frame(frame).ToArray())];
}
