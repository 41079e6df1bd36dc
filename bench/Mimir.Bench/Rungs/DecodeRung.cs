using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Bench.Rungs;

/// <summary>
/// How many times faster than real time one core searches the graph of <c>corpora/aishell-sample</c> with a network's log-likelihoods
/// (100 frames a second), how many tokens and arcs that is, and what determinization adds.
/// </summary>
internal sealed class DecodeRung : IRung
{
    private const string Unit = "x real time";

    /// <inheritdoc/>
    public string Name => "decode";

    /// <inheritdoc/>
    public IEnumerable<BenchRecord> Run(BenchOptions options)
    {
        var shared = Environment.GetEnvironmentVariable("MIMIR_SHARED") ?? Path.Combine(options.Checkout, "..", "shared");
        var corpus = Path.Combine(shared, "corpora", "aishell-sample");
        Console.WriteLine();
        if (!Directory.Exists(corpus))
        {
            Console.WriteLine($"decode: {corpus} is missing");
            yield break;
        }

        var model = TransitionModel.Read(Path.Combine(corpus, "gmm", "final.mdl"));
        var graph = FstReader.Read(Path.Combine(corpus, "graph", "HCLG.fst.gz"));
        var scores = KaldiTables.Matrix.Read($"ark:{Path.Combine(corpus, "forward", "nnet_forward_dnn.txt.gz")}")
            .Select(entry => new MatrixScores(entry.Value.Data, entry.Value.Rows, entry.Value.Columns)).ToList();
        Console.WriteLine(
            $"decoding of {scores.Sum(matrix => matrix.Frames)} frames, graph of {graph.StateCount} states and {graph.ArcCount} arcs, "
            + $"max-active 7000, lattice beam 8, one thread: best of {options.Rounds} rounds");
        foreach (var beam in (float[])[9, 11, 13])
        {
            foreach (var record in Run(options, graph, model, scores, beam))
                yield return record;
        }
    }

    private static IEnumerable<BenchRecord> Run(
        BenchOptions options, Fst graph, TransitionModel model, List<MatrixScores> scores, float beam)
    {
        var search = new DecoderOptions { Beam = beam, LatticeBeam = 8, MaxActive = 7000, AcousticScale = 0.1f };
        var decoder = new LatticeDecoder(graph, model.ToPdfMap(), search);
        var determinizer = new DeterminizerOptions { Beam = search.LatticeBeam, PhoneBegins = DeterminizerOptions.PhoneBeginsOf(model) };
        List<Lattice> lattices = [];
        var (searching, determinizing) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < options.Rounds; round++)
        {
            searching = Math.Min(searching, Stopwatches.Best(0, () => lattices = scores.ConvertAll(decoder.Decode)));
            determinizing = Math.Min(
                determinizing, Stopwatches.Best(0, () => lattices.ForEach(lattice => Determinizer.Determinize(lattice, determinizer))));
        }

        var (frames, tokens, arcs) = decoder.Counts;
        var seconds = 0.01 * scores.Sum(matrix => matrix.Frames);
        var repeats = frames / scores.Sum(matrix => (double)matrix.Frames);
        Console.WriteLine(
            $"  beam {beam,-4} {seconds / searching,6:F1} x real time, with determinization {seconds / (searching + determinizing):F1}; "
            + $"a frame {tokens / frames} tokens and {arcs / frames} arcs, {tokens / repeats / searching / 1e6:F1} M tokens/s and "
            + $"{arcs / repeats / searching / 1e6:F1} M arcs/s");
        yield return new BenchRecord($"decoding, beam {beam}", 1, seconds / searching, Unit);
        yield return new BenchRecord($"decoding and determinization, beam {beam}", 1, seconds / (searching + determinizing), Unit);
    }
}
