using System.Globalization;
using System.Text;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Latbin;

/// <summary>The programs of lattices on Kaldi's lattices, against what Kaldi's own programs gave.</summary>
/// <remarks>
/// Lattices are compared with their states in topological order, which a golden may have in another; arcs keep their order within a
/// state. Each command is that of the golden's commands.txt, <c>|</c> is a pipe.
/// </remarks>
public sealed class LatticeGoldenTests(ITestOutputHelper console) : IDisposable
{
    private const string Goldens = "goldens/kaldi-sequence/lat3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("lattice-copy {lat.ark}", "lat.txt")]
    [InlineData("lattice-copy --include={utts} {den}", "lat.ark")]
    [InlineData("lattice-1best --acoustic-scale=0.1 {lat.ark}", "1best.ark")]
    [InlineData("lattice-1best --acoustic-scale=0.1 {lat.ark}", "1best.txt")]
    [InlineData("lattice-1best --acoustic-scale=0.1 --word-ins-penalty=2.5 {lat.ark}", "1best.wip2.5.txt")]
    [InlineData("lattice-1best --acoustic-scale=0.02 --lm-scale=3 {lat.ark}", "1best.ac0.02lm3.txt")]
    [InlineData("lattice-scale --acoustic-scale=0.1 --lm-scale=2.0 {lat.ark}", "scale.ac0.1lm2.txt")]
    [InlineData("lattice-scale --inv-acoustic-scale=12 {lat.ark}", "scale.invac12.txt")]
    [InlineData("lattice-scale --acoustic2lm-scale=0.1 --lm2acoustic-scale=0.5 {lat.ark}", "scale.ac2lm0.1lm2ac0.5.txt")]
    [InlineData("lattice-add-penalty --word-ins-penalty=0.5 {lat.ark}", "add-penalty0.5.txt")]
    [InlineData("lattice-prune --acoustic-scale=0.1 --beam=4.0 {lat.ark}", "prune4.txt")]
    [InlineData("lattice-prune --acoustic-scale=0.1 --beam=1.0 {lat.ark}", "prune1.txt")]
    [InlineData("lattice-prune --inv-acoustic-scale=20 --beam=3.0 {lat.ark}", "prune3.invac20.ark")]
    [InlineData("lattice-to-nbest --acoustic-scale=0.1 --n=8 {lat.ark}", "nbest8.ark")]
    [InlineData("lattice-to-nbest --acoustic-scale=0.02 --lm-scale=2.0 --n=4 {lat.ark}", "nbest4.ac0.02lm2.txt")]
    [InlineData("lattice-align-words-lexicon {lexicon} {tri1} {lat.ark}", "align-words-lexicon.txt")]
    [InlineData(
        "lattice-1best --acoustic-scale=0.1 {lat.ark} ark:- | lattice-align-words-lexicon {lexicon} {tri1} ark:-", "1best.aligned.ark")]
    [InlineData("lattice-align-phones {tri1} {1best.ark}", "1best.align-phones.txt")]
    [InlineData("lattice-align-words --silence-label=1 {bound} {mono} {mono.ark}", "mono.align-words.txt", "kaldi-train/lat")]
    [InlineData("lattice-align-words {bound} {mono} {mono.ark}", "mono.align-words.default.txt", "kaldi-train/lat")]
    [InlineData("lattice-align-words --silence-label=1 {bound} {tri} {tri.ark}", "tri.align-words.txt", "kaldi-train/lat")]
    [InlineData("lattice-align-words {bound} {tri} {tri.ark}", "tri.align-words.default.txt", "kaldi-train/lat")]
    [InlineData("lattice-copy {test3.lat.ark.gz}", "test3.lat.txt.gz", "kaldi/exp/decode")]
    [InlineData("lattice-copy {dnn.test2.lat.ark.gz}", "dnn.test2.lat.txt.gz", "kaldi/exp/decode")]
    [InlineData("lattice-boost-ali --b=0.1 --silence-phones=1 {tri1} {den} {num.ali.txt}", "../den.boost0.1.ark.gz")]
    [InlineData("lattice-boost-ali --b=0.1 --max-silence=0.5 {tri1} {den} {num.ali.txt}", "../den.boost0.1.nosil.ark.gz")]
    public void Word_lattices_are_kaldis(string command, string golden, string folder = "kaldi-sequence/lat3") => Compare(
        WordLattice.Table, command, golden, (a, b) => LatticeDistance.Of(a, b), folder: folder);

    [SharedDataTheory]
    [InlineData("lattice-copy --write-compact=false {lat.ark}", "copy.noncompact.ark.gz")]
    [InlineData("lattice-copy --write-compact=false {lat.ark}", "copy.noncompact.txt.gz")]
    [InlineData("lattice-scale --inv-acoustic-scale=10 --write-compact=false {lat.ark}", "scale.invac10.noncompact.ark.gz")]
    [InlineData("lattice-copy --write-compact=false {den.statelevel}", "../den.statelevel.txt.gz")]
    public void Lattices_are_kaldis(string command, string golden) => Compare(
        Lattice.Table, command, golden, (a, b) => LatticeDistance.Of(a, b));

    [SharedDataTheory]
    [InlineData("lattice-best-path --acoustic-scale=0.1 {lat.ark}", "best-path.tra")]
    [InlineData("lattice-best-path --acoustic-scale=0.1 {lat.ark} {null}", "best-path.ali")]
    [InlineData("lattice-best-path --acoustic-scale=0.02 --lm-scale=3 {lat.ark}", "best-path.ac0.02lm3.tra")]
    [InlineData("lattice-best-path --acoustic-scale=0.02 --lm-scale=3 {lat.ark} {null}", "best-path.ac0.02lm3.ali")]
    [InlineData(
        "lattice-scale --inv-acoustic-scale=10 {lat.ark} ark:- | lattice-add-penalty --word-ins-penalty=1.0 ark:- ark:- | "
            + "lattice-best-path ark:-",
        "score.lmwt10.wip1.tra")]
    [InlineData("lattice-oracle {lat.ark} {ref.int}", "oracle.tra")]
    [InlineData("lattice-oracle {lat.ark} {ref.int} {null}", "oracle.edits")]
    [InlineData("lattice-oracle --wildcard-symbols=1:9 {lat.ark} {ref.int}", "oracle.wild.tra")]
    [InlineData("lattice-oracle --wildcard-symbols=1:9 {lat.ark} {ref.int} {null}", "oracle.wild.edits")]
    [InlineData(
        "lattice-prune --acoustic-scale=0.1 --beam=1.0 {lat.ark} ark:- | lattice-oracle ark:- {ref.int} {null}", "oracle.prune1.edits")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.1 {lat.ark}", "mbr.tra")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.02 --lm-scale=0.5 {lat.ark}", "mbr.ac0.02.tra")]
    public void Words_alignments_and_counts_are_kaldis(string command, string golden)
    {
        var run = Run(command + " ark,t:-");

        Assert.Equal(File.ReadAllText(SharedData.At($"{Goldens}/{golden}")), Encoding.UTF8.GetString(run.Output));
        KaldiAgreement.Record(console.WriteLine, Tool(command), $"{Goldens}/{golden}", 1, 0, 0, "the same bytes");
    }

    [SharedDataTheory]
    [InlineData("lattice-to-post --acoustic-scale=0.1 {lat.ark} {null}", "to-post.loglikes.txt")]
    [InlineData("lattice-to-post --acoustic-scale=0.05 --lm-scale=0.5 {lat.ark} {null}", "to-post.ac0.05lm0.5.loglikes.txt")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.1 {lat.ark} {null}", "mbr.risk")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.1 {lat.ark} {null} {null} {null}", "mbr.times")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.02 --lm-scale=0.5 {lat.ark} {null}", "mbr.ac0.02.risk")]
    [InlineData(
        "lattice-mbr-decode --acoustic-scale=0.02 --lm-scale=0.5 --one-best-times=true {lat.ark} {null} {null} {null}",
        "mbr.ac0.02.times")]
    public void Numbers_are_kaldis(string command, string golden)
    {
        var ours = Words(Encoding.UTF8.GetString(Run(command + " ark,t:-").Output));
        var theirs = Words(File.ReadAllText(SharedData.At($"{Goldens}/{golden}")));

        Assert.Equal(theirs.Length, ours.Length);
        var (count, largest) = (0, 0.0);
        foreach (var (their, our) in theirs.Zip(ours))
        {
            if (!double.TryParse(their, CultureInfo.InvariantCulture, out var number))
            {
                Assert.Equal(their, our);
                continue;
            }

            count++;
            largest = Math.Max(largest, Math.Abs(number - double.Parse(our, CultureInfo.InvariantCulture)));
        }

        KaldiAgreement.Record(console.WriteLine, Tool(command), $"{Goldens}/{golden}", 1, count, largest, "1e-3");
        Assert.True(largest < 1e-3, $"{largest}");
    }

    [SharedDataTheory]
    [InlineData("lattice-to-post --acoustic-scale=0.1 {lat.ark}", "to-post.txt")]
    [InlineData("lattice-to-post --acoustic-scale=0.05 --lm-scale=0.5 {lat.ark}", "to-post.ac0.05lm0.5.ark")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.1 {lat.ark} {null} {null}", "mbr.sausage")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.02 --lm-scale=0.5 {lat.ark} {null} {null}", "mbr.ac0.02.sausage")]
    public void Posteriors_are_kaldis(string command, string golden) => Compare(
        Posterior.Table, command, golden, PosteriorDistance);

    [SharedDataFact]
    public void Oracle_lattices_are_kaldis() => Compare(
        WordLattice.Table,
        $"lattice-oracle --write-lattices=ark:{_folder.At("ours")} {{lat.ark}} {{ref.int}}",
        "oracle.lat.txt",
        (a, b) => LatticeDistance.Of(a, b),
        output: "{null}");

    [SharedDataTheory]
    [InlineData("1best.ctm", "")]
    [InlineData("1best.sil.ctm", "--print-silence=true --frame-shift=0.03 --precision=3 ")]
    public void Times_are_kaldis(string golden, string options)
    {
        var run = Run($"nbest-to-ctm {options}{{1best.aligned.ark}} -");

        Assert.Equal(File.ReadAllText(SharedData.At($"{Goldens}/{golden}")), Encoding.UTF8.GetString(run.Output));
        KaldiAgreement.Record(console.WriteLine, "nbest-to-ctm", $"{Goldens}/{golden}", 1, 0, 0, "the same bytes");
    }

    [SharedDataTheory]
    [InlineData("lattice-best-path --acoustic-scale=0.1 {test3.lat.ark.gz} ark,t:-", "test3.bestpath.tra")]
    [InlineData("lattice-best-path --acoustic-scale=0.1 {test3.lat.ark.gz} {null} ark,t:-", "test3.bestpath.ali")]
    public void Best_paths_of_digits_are_kaldis(string command, string golden)
    {
        var run = Run(command);

        Assert.Equal(File.ReadAllText(SharedData.At($"goldens/kaldi/exp/decode/{golden}")), Encoding.UTF8.GetString(run.Output));
        KaldiAgreement.Record(console.WriteLine, Tool(command), $"goldens/kaldi/exp/decode/{golden}", 1, 0, 0, "the same bytes");
    }

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri")]
    public void Decoded_lattices_give_kaldis_words_times_and_error_rate(string system)
    {
        var folder = SharedData.At("goldens/kaldi-train/lat");
        var ctm = Run(
            $"lattice-1best --acoustic-scale=0.083333 {{{system}.ark}} ark:- | lattice-align-words {{bound}} {{{system}}} ark:- ark:- | "
            + "nbest-to-ctm ark:- -");
        var mbr = Run($"lattice-mbr-decode --acoustic-scale=0.083333 {{{system}.ark}} ark,t:-");
        var best = Run($"lattice-best-path --acoustic-scale=0.083333 {{{system}.ark}} ark,t:-");
        File.WriteAllBytes(_folder.At("tra"), best.Output);
        var wer = Run($"compute-wer --mode=present ark:{folder}/ref.int ark:{_folder.At("tra")}");

        foreach (var (run, golden) in new[] { (ctm, "ctm"), (mbr, "mbr.tra"), (best, "tra"), (wer, "wer") })
        {
            Assert.Equal(File.ReadAllText($"{folder}/{system}.{golden}"), Encoding.UTF8.GetString(run.Output));
            KaldiAgreement.Record(
                console.WriteLine, "lattice-align-words, nbest-to-ctm, lattice-mbr-decode, lattice-best-path, compute-wer",
                $"goldens/kaldi-train/lat/{system}.{golden}", 1, 0, 0, "the same bytes");
        }
    }

    [SharedDataFact]
    public void Times_of_nbest_lists_are_kaldis()
    {
        var run = Run(
            "lattice-to-nbest --acoustic-scale=0.1 --n=3 {lat.ark} ark:- | lattice-align-words-lexicon {lexicon} {tri1} ark:- ark:- | "
            + "nbest-to-ctm ark:- -");

        Assert.Equal(File.ReadAllText(SharedData.At($"{Goldens}/nbest3.ctm")), Encoding.UTF8.GetString(run.Output));
        KaldiAgreement.Record(
            console.WriteLine, "lattice-align-words-lexicon, nbest-to-ctm", $"{Goldens}/nbest3.ctm", 1, 0, 0, "the same bytes");
    }

    [SharedDataTheory]
    [InlineData("lattice-best-path --acoustic-scale=0.1 --word-symbol-table={words} {lat.ark} {null}", "best-path.log")]
    [InlineData("lattice-oracle --word-symbol-table={words} {lat.ark} {ref.int} {null}", "oracle.log")]
    [InlineData("lattice-mbr-decode --acoustic-scale=0.1 {lat.ark} {null}", "mbr.log")]
    public void Log_lines_are_kaldis(string command, string golden)
    {
        var run = Run(command);
        var lines = File.ReadLines(SharedData.At($"{Goldens}/{golden}")).Skip(1)
            .Select(line => line.StartsWith("LOG", StringComparison.Ordinal)
                ? line[(line.IndexOf(") ", StringComparison.Ordinal) + 2)..] : line);

        Assert.All(lines, line => Assert.Contains(line, run.Errors, StringComparison.Ordinal));
    }

    private static double PosteriorDistance(Posterior a, Posterior b)
    {
        Assert.Equal(a.Frames, b.Frames);
        var largest = 0.0;
        for (var frame = 0; frame < a.Frames; frame++)
        {
            var ours = b.Indices(frame).ToArray().Zip(b.Weights(frame).ToArray()).ToDictionary();
            foreach (var (index, weight) in a.Indices(frame).ToArray().Zip(a.Weights(frame).ToArray()))
            {
                ours.Remove(index, out var other);
                largest = Math.Max(largest, Math.Abs(weight - other));
            }

            largest = Math.Max(largest, ours.Values.DefaultIfEmpty().Max());
        }

        return largest;
    }

    private void Compare<T>(
        Table<T> table, string command, string golden, Func<T, T, double> distance, string? output = null,
        string folder = "kaldi-sequence/lat3")
    {
        Run($"{command} {output ?? $"ark:{_folder.At("ours")}"}");
        var theirs = table.Read($"ark:{SharedData.At($"goldens/{folder}/{golden}")}").ToList();
        var ours = table.Read($"ark:{_folder.At("ours")}").ToList();

        Assert.Equal(theirs.Select(entry => entry.Key), ours.Select(entry => entry.Key));
        var largest = theirs.Zip(ours).Max(pair => distance(pair.First.Value, pair.Second.Value));
        KaldiAgreement.Record(
            console.WriteLine, Tool(command), $"goldens/{folder}/{golden}", 1, ours.Count, largest, "1e-4 + 6e-6 |x|");
        Assert.True(largest < 1e-4, $"{largest}");
    }

    private static string Tool(string command) => command.Split(" | ")[^1].Split(' ')[0];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static ToolRun Run(string commands)
    {
        var run = new ToolRun(0, "", []);
        foreach (var command in commands.Split(" | "))
        {
            var words = command.Split(' ').Select(Expand).ToArray();
            run = ToolRun.Of(words[0], new MemoryStream(run.Output), words[1..]);
            Assert.True(run.Status == 0, run.Errors);
        }

        return run;
    }

    private static string Expand(string word) => word.Replace("{null}", "", StringComparison.Ordinal) is var name && !name.Contains('{')
        ? name
        : name[..name.IndexOf('{')] + (name[(name.IndexOf('{') + 1)..name.IndexOf('}')] switch
        {
            "den" => "ark:" + SharedData.At("goldens/kaldi-sequence/den.ark"),
            "den.statelevel" => "ark:" + SharedData.At("goldens/kaldi-sequence/den.statelevel.ark.gz"),
            "num.ali.txt" => "ark:" + SharedData.At("goldens/kaldi-sequence/num.ali.txt"),
            "tri1" => SharedData.At("goldens/kaldi/exp/tri1/final.mdl"),
            "test3.lat.ark.gz" or "dnn.test2.lat.ark.gz" => "ark:" + SharedData.At($"goldens/kaldi/exp/decode/{name[1..^1]}"),
            "mono.ark" or "tri.ark" => "ark:" + SharedData.At($"goldens/kaldi-train/lat/{name[1..^1]}"),
            "mono" => SharedData.At("goldens/kaldi-train/mono/final.mdl"),
            "tri" => SharedData.At("goldens/kaldi-train/tri/2.mdl"),
            "bound" => SharedData.At("goldens/kaldi-train/lang/word_boundary.int"),
            "lexicon" => SharedData.At("goldens/kaldi/exp/lang/align_lexicon.int"),
            "words" => SharedData.At("goldens/kaldi/exp/lang/words.txt"),
            "utts" => SharedData.At($"{Goldens}/utts"),
            var file => "ark:" + SharedData.At($"{Goldens}/{file}"),
        });
}
