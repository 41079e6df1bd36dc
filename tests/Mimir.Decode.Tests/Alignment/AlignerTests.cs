using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Alignment;

public sealed class AlignerTests
{
    private static readonly int[] PdfOf = [-1, 0, 1, 2, 0, 1];

    [Fact]
    public void Align_without_pruning_finds_the_best_of_all_paths()
    {
        var found = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var graph = Changeable(RandomGraphs.Graph(random, states: 4, transitions: 5, words: 3));
            var scores = RandomGraphs.Scores(random, frames: 1 + random.Next(5), pdfs: 3);
            var solutions = RandomGraphs.Solve(graph.ToFst(), scores, PdfOf, 0.7f);

            var path = new Aligner(PdfOf, new AlignmentOptions { Beam = 1000, AcousticScale = 0.7f }).Align(graph, scores).Path;

            Assert.Equal(solutions.Count == 0, path is null);
            if (path is null)
                continue;

            found++;
            var (words, cost) = solutions.MinBy(solution => solution.Value);
            Assert.Equal(words, string.Join(' ', path.Words));
            Assert.Equal(-cost, path.Score, 1e-3);
            Assert.Equal(scores.Frames, path.Transitions.Length);
            for (var frame = 0; frame < scores.Frames; frame++)
                Assert.Equal(scores.Frame(frame)[PdfOf[path.Transitions[frame]]], path.LogLikelihoods[frame], 1e-4);
        }

        Assert.True(found > 30);
    }

    [Fact]
    public void Align_tries_a_wider_beam_where_the_first_loses_the_only_path_to_the_end()
    {
        // 21 states that look better in the first frame lead nowhere; one leads to the end.
        var graph = new VectorFst();
        for (var state = 0; state < 24; state++)
            graph.AddState();

        graph.Start = 0;
        for (var state = 1; state <= 22; state++)
            graph.AddArc(0, new FstArc(1, 0, state == 22 ? 30 : 0, state));

        graph.AddArc(22, new FstArc(1, 7, 0, 23));
        graph.AddArc(1, new FstArc(1, 0, 0, 1));
        graph.SetFinal(23);
        var scores = new MatrixScores(new float[2], 2, 1);

        var narrow = new Aligner([-1, 0], new AlignmentOptions { Beam = 10 }).Align(graph, scores);
        var retried = new Aligner([-1, 0], new AlignmentOptions { Beam = 10, RetryBeam = 40 }).Align(graph, scores);

        Assert.Equal(new AlignmentResult(null, false), narrow);
        Assert.True(retried.Retried);
        Assert.Equal([7], retried.Path!.Words);
        Assert.Equal(-30, retried.Path.Score);
    }

    [Fact]
    public void Careful_alignment_competes_with_the_words_said_again()
    {
        // A word of many states with pdf 0, then 1; the audio has it twice, so that staying at its end costs much.
        const int Half = 15;
        var graph = new VectorFst { Start = 0 };
        for (var state = 0; state <= 2 * Half; state++)
            graph.AddState();

        graph.SetFinal(2 * Half);
        for (var state = 0; state < 2 * Half; state++)
        {
            graph.AddArc(state, new FstArc(state < Half ? 1 : 2, state == 0 ? 5 : 0, 0, state + 1));
            graph.AddArc(state + 1, new FstArc(state < Half ? 1 : 2, 0, 0, state + 1));
        }

        var once = Scores(Half, Half);
        var twice = Scores(Half, Half, Half, Half);
        var plain = new AlignmentOptions { Beam = 30 };
        var careful = new Aligner([-1, 0, 1], plain with { Careful = true });

        Assert.Equal(new Aligner([-1, 0, 1], plain).Align(graph, once).Path!.Transitions, careful.Align(graph, once).Path!.Transitions);
        Assert.Equal([5], careful.Align(graph, once).Path!.Words);
        Assert.NotNull(new Aligner([-1, 0, 1], plain).Align(graph, twice).Path);
        Assert.Null(careful.Align(graph, twice).Path);

        // Runs of frames of pdf 0, of pdf 1, of pdf 0 …
        static MatrixScores Scores(params int[] runs)
        {
            var values = runs.SelectMany((length, run) => Enumerable.Repeat<float[]>(run % 2 == 0 ? [0, -9] : [-9, 0], length));
            return new MatrixScores(values.SelectMany(frame => frame).ToArray(), runs.Sum(), 2);
        }
    }

    [Fact]
    public void Align_a_long_utterance_keeps_only_living_paths_and_the_whole_result()
    {
        var random = new Random(3);
        var graph = Changeable(RandomGraphs.Graph(random, states: 30, transitions: 5, words: 3));
        var scores = RandomGraphs.Scores(random, frames: 6000, pdfs: 3);
        var aligner = new Aligner(PdfOf, new AlignmentOptions { Beam = 30 });

        var path = aligner.Align(graph, scores).Path!;

        var acoustic = Enumerable.Range(0, 6000).Sum(frame => (double)scores.Frame(frame)[PdfOf[path.Transitions[frame]]]);
        Assert.Equal(acoustic, -path.AcousticCost, 0.5);
        Assert.Equal(path.Transitions, aligner.Align(graph, scores).Path!.Transitions);
    }

    [Fact]
    public void Bad_graphs_scores_and_options_are_one_line_each()
    {
        var graph = new VectorFst { Start = 0 };
        graph.AddState();
        graph.SetFinal(0);
        graph.AddArc(0, new FstArc(3, 0, 0, 0));
        var scores = new MatrixScores((float[])[0, float.NaN], 1, 2);

        Says("transition-id 3, the transition model only 2", () => new Aligner([-1, 0, 1], new()).Align(graph, scores));
        Says("scores of 3 pdfs as in the transition model, got 2", () => new Aligner([-1, 0, 2], new()).Align(graph, scores));
        Says("pdf 1 in frame 0, got NaN", () => new Aligner([-1, 0, 0, 1], new()).Align(graph, scores));
        Says("retry-beam: expected 0 or more than beam (10), got 5", () => _ = new Aligner([-1], new() { Beam = 10, RetryBeam = 5 }));
        Assert.Null(new Aligner([-1, 0], new()).Align(new VectorFst(), scores).Path);

        static void Says(string message, Action action) =>
            Assert.Contains(message, Assert.Throws<InputException>(action).Message, StringComparison.Ordinal);
    }

    private static VectorFst Changeable(Fst graph)
    {
        var copy = new VectorFst();
        for (var state = 0; state < graph.StateCount; state++)
        {
            copy.AddState();
            copy.SetFinal(state, graph.Final(state));
        }

        for (var state = 0; state < graph.StateCount; state++)
        {
            foreach (var arc in graph.Arcs(state))
                copy.AddArc(state, arc);
        }

        copy.Start = graph.Start;
        return copy;
    }
}
