using Mimir.Decode.Graphs;
using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Support;

/// <summary>Small random decoding problems, and every one of their solutions.</summary>
internal static class RandomGraphs
{
    /// <summary>
    /// A graph of a few states without epsilon cycles; transition-ids 1 to <paramref name="transitions"/>.
    /// </summary>
    public static Fst Graph(Random random, int states, int transitions, int words) =>
        Builder(random, states, transitions, words).Build();

    /// <summary>The builder of such a graph, to add arcs to.</summary>
    public static FstBuilder Builder(Random random, int states, int transitions, int words)
    {
        var builder = new FstBuilder();
        for (var state = 0; state < states; state++)
            builder.AddState();

        for (var state = 0; state < states; state++)
        {
            for (var arc = 0; arc < 3; arc++)
            {
                var word = random.Next(2) == 0 ? 0 : 1 + random.Next(words);
                builder.AddArc(state, new FstArc(1 + random.Next(transitions), word, 2 * random.NextSingle(), random.Next(states)));
            }

            if (state + 1 < states && random.Next(2) == 0)
            {
                var word = random.Next(3) == 0 ? 1 + random.Next(words) : 0;
                builder.AddArc(state, new FstArc(0, word, random.NextSingle(), random.Next(state + 1, states)));
            }

            if (random.Next(2) == 0)
                builder.SetFinal(state, random.NextSingle());
        }

        builder.SetFinal(states - 1, random.NextSingle());
        return builder;
    }

    public static MatrixScores Scores(Random random, int frames, int pdfs) =>
        new(Enumerable.Range(0, frames * pdfs).Select(_ => -5 * random.NextSingle()).ToArray(), frames, pdfs);

    /// <summary>The least cost of each word sequence, over all paths, by trying them all.</summary>
    public static Dictionary<string, double> Solve(Fst graph, IAcousticScores scores, int[] pdfOf, float acousticScale)
    {
        var best = new Dictionary<string, double>();
        Walk(graph.Start, 0, "", 0);
        return best;

        float Acoustic(int frame, FstArc arc) => -acousticScale * scores.Frame(frame)[pdfOf[arc.Input]];

        void Walk(int state, int frame, string words, double cost)
        {
            if (frame == scores.Frames && !float.IsPositiveInfinity(graph.Final(state)))
                best[words] = Math.Min(best.GetValueOrDefault(words, double.PositiveInfinity), cost + graph.Final(state));

            foreach (var arc in graph.Arcs(state).ToArray())
            {
                var said = arc.Output == 0 ? words : $"{words} {arc.Output}".Trim();
                if (arc.Input == 0)
                    Walk(arc.Next, frame, said, cost + arc.Weight);
                else if (frame < scores.Frames)
                    Walk(arc.Next, frame + 1, said, cost + arc.Weight + Acoustic(frame, arc));
            }
        }
    }
}
