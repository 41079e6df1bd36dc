using System.Collections.Concurrent;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;
using Mimir.Decode.Scoring;
using Mimir.Decode.Search;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Search;

/// <summary>
/// Kaldi's own log-likelihoods through this decoder, against the lattices that Kaldi's decoder wrote.
/// </summary>
public sealed class KaldiDecodingTests
{
    private const string Digits = "goldens/kaldi/exp";
    private const string Aishell = "corpora/aishell-sample";

    private static readonly DecoderOptions AishellOptions =
        new() { Beam = 11, LatticeBeam = 6, MaxActive = 2000, AcousticScale = 0.1f };

    private static readonly ConcurrentDictionary<string, List<DecodedUtterance>> DecodedAishell = new();

    [SharedDataFact]
    public void Decode_digits_dnn_gives_kaldis_lattices() => Assert.Empty(Differences(
        Decode(
            $"{Digits}/tri1/final.mdl",
            $"{Digits}/tri1/HCLG.fst.gz",
            $"{Digits}/dnn3x512/test2.llk.txt.gz",
            new DecoderOptions { Beam = 13, LatticeBeam = 8, MaxActive = 7000, AcousticScale = 0.1f }),
        $"{Digits}/decode/dnn.test2.lat.txt.gz"));

    [SharedDataFact]
    public void Decode_digits_gmm_gives_kaldis_lattices() => Assert.Empty(Differences(
        Decode(
            $"{Digits}/tri1/final.mdl",
            $"{Digits}/tri1/HCLG.fst.gz",
            $"{Digits}/tri1/test3.gmm-likes.txt.gz",
            new DecoderOptions { Beam = 13, LatticeBeam = 6, MaxActive = 7000, AcousticScale = 0.083333f }),
        $"{Digits}/decode/test3.lat.txt.gz"));

    [SharedDataFact]
    public void Decode_digits_best_path_is_what_kaldis_decoder_prints()
    {
        var options = new DecoderOptions { Beam = 13, LatticeBeam = 8, MaxActive = 7000, AcousticScale = 0.1f };
        var decoded = Decode(
            $"{Digits}/tri1/final.mdl", $"{Digits}/tri1/HCLG.fst.gz", $"{Digits}/dnn3x512/test2.llk.txt.gz", options);

        var words = decoded.ToDictionary(d => d.Utterance, d => string.Join(' ', d.BestPath!.Words));
        var alignments = decoded.ToDictionary(d => d.Utterance, d => string.Join(' ', d.BestPath!.Alignment));
        var perFrame = decoded.ToDictionary(d => d.Utterance, d => -Total(d.BestPath!, options.AcousticScale) / d.Frames);
        Assert.Equal(Transcripts.Read(SharedData.At($"{Digits}/decode/dnn.test2.tra")), words);
        Assert.Equal(Transcripts.Read(SharedData.At($"{Digits}/decode/dnn.test2.ali")), alignments);
        Assert.Equal(2.29092, perFrame["george-te0000"], 5e-6);
        Assert.Equal(2.35462, perFrame["george-te0001"], 5e-6);
    }

    // Where max-active cuts, which of nearly equal paths stay depends on the order of Kaldi's token table, whose
    // size it keeps from utterance to utterance: the 81st utterance of its run (BAC009S0252W0421 of the dnn)
    // cannot be repeated alone.
    [SharedDataTheory]
    [InlineData("dnn", "dnn4", "BAC009S0252W0421")]
    [InlineData("lstm", "lstm2", "")]
    public void Decode_aishell_gives_kaldis_lattices(string scores, string lattices, string except)
    {
        var decoded = DecodeAishell(scores);

        var differences = Differences(decoded, $"{Aishell}/lattices/{lattices}_test.txt.gz");

        Assert.DoesNotContain(differences, difference => except == "" || !difference.StartsWith(except, StringComparison.Ordinal));
        Assert.InRange(differences.Count, 0, 60);
    }

    [SharedDataTheory]
    [InlineData("dnn", "dnn4", 5, 1)]
    [InlineData("lstm", "lstm2", 7, 0)]
    public void Decode_aishell_gives_kaldis_words_at_all_weights(string scores, string system, int weight, float penalty)
    {
        var decoded = DecodeAishell(scores).ToDictionary(d => d.Utterance, d => d.Lattice);
        var expected = WordLattice.Table.Read("ark:" + SharedData.At($"{Aishell}/lattices/{system}_test.txt.gz")).ToDictionary();
        var words = SymbolTable.Read(SharedData.At($"{Aishell}/graph/words.txt"));
        var hypotheses = Transcripts.Read(SharedData.At($"{Aishell}/scoring/{system}_fbank/hyp_test.txt"));

        for (var lmWeight = 4; lmWeight <= 15; lmWeight++)
        {
            foreach (var (utterance, lattice) in expected)
            {
                var theirs = BestPath.Find(lattice, 1f / lmWeight, penalty)!;
                var ours = BestPath.Find(decoded[utterance], 1f / lmWeight, penalty)!;
                Assert.Equal(theirs.Words, ours.Words);
                Assert.Equal(theirs.Weight.Graph, ours.Weight.Graph, 0.01);
                Assert.Equal(theirs.Weight.Acoustic, ours.Weight.Acoustic, 0.1);
            }
        }

        var atChosen = WeightSearch.Hypotheses(decoded, words, weight, penalty).Where(h => hypotheses.ContainsKey(h.Key)).ToList();
        Assert.NotEmpty(atChosen);
        Assert.All(atChosen, hypothesis => Assert.Equal(hypotheses[hypothesis.Key], hypothesis.Value));
    }

    private static double Total(LatticePath path, float acousticScale) =>
        path.Weight.Graph + (acousticScale * path.Weight.Acoustic);

    private static List<DecodedUtterance> DecodeAishell(string scores) => DecodedAishell.GetOrAdd(scores, scores => Decode(
        $"{Aishell}/gmm/final.mdl",
        $"{Aishell}/graph/HCLG.fst.gz",
        $"{Aishell}/forward/nnet_forward_{scores}.txt.gz",
        AishellOptions));

    private static List<DecodedUtterance> Decode(string model, string graph, string scores, DecoderOptions options)
    {
        var transitions = TransitionFile.Read(SharedData.At(model));
        var fst = FstReader.Read(SharedData.At(graph));
        var utterances = TextGolden.Matrices(SharedData.At(scores)).Select(matrix => KeyValuePair.Create(
            matrix.Key, (IAcousticScores)new MatrixScores(matrix.Value.Values, matrix.Value.Rows, matrix.Value.Columns)));
        return [.. new BatchDecoder(fst, transitions.Pdfs, options, transitions.PhoneBegins, 2).Decode(utterances)];
    }

    private static List<string> Differences(List<DecodedUtterance> decoded, string lattices)
    {
        var expected = WordLattice.Table.Read("ark:" + SharedData.At(lattices)).ToDictionary();
        Assert.Equal(expected.Keys.Order(), decoded.Select(d => d.Utterance).Order());
        return
        [
            .. decoded.SelectMany(d => LatticeComparison
                .Differences(expected[d.Utterance], d.Lattice)
                .Select(difference => $"{d.Utterance}: {difference}")),
        ];
    }
}
