using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Alignment;
using Mimir.Train.Packages;
using Mimir.Train.Reports;
using Mimir.Train.Tests.Packages;

namespace Mimir.Train.Tests.Alignment;

/// <summary>A run on tones aligns recordings whose true alignments are known.</summary>
[Collection(TranscribingToy.Name)]
public sealed class AlignmentJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TranscribingToy _toy;

    public AlignmentJobTests(TranscribingToy toy)
    {
        _toy = toy;
        Directory.CreateDirectory(_folder.At("lang"));
        File.Copy(toy.At("graph/words.txt"), _folder.At("lang/words.txt"));
        File.WriteAllText(_folder.At("lang/phones.txt"), "<eps> 0\na 1\nb 2\nc 3\n");
        var lexicon = new VectorFst { Start = 0 };
        lexicon.AddState(0);
        for (var word = 1; word <= 3; word++)
            lexicon.AddArc(0, new FstArc(word, word, 0, 0));

        FstWriter.Write(_folder.At("lang/L.fst"), lexicon);
        Directory.CreateDirectory(_folder.At("data"));
        foreach (var file in (string[])["wav.scp", "utt2spk", "text"])
            File.Copy(toy.At($"cv/{file}"), _folder.At($"data/{file}"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Alignments_of_a_run_are_the_true_ones_in_all_forms()
    {
        var summary = Align(_toy.Run, "out");

        Assert.Equal((10, 0, 0), (summary.Scores.Count, summary.Failures.Count, summary.Unknown.Count));
        Assert.All(summary.Scores, score => Assert.InRange(score.MeanConfidence, 0.8f, 1f));
        var model = TransitionModel.Read(_folder.At("out/final.mdl"));
        var (got, wanted) = (AlignmentSet.Read(_folder.At("out"), model), AlignmentSet.Read(_toy.At("cv"), model));
        var frames = wanted.Utterances.SelectMany(utterance => wanted.PdfsOf(utterance).Zip(got.PdfsOf(utterance))).ToList();
        Assert.InRange(frames.Count(pair => pair.First == pair.Second) / (double)frames.Count, 0.97, 1);
        foreach (var (utterance, confidences) in KaldiTables.FloatVector.Read($"ark:{_folder.At("out/confidence.ark")}"))
            Assert.Equal(got.PdfsOf(utterance).Length, confidences.Length);

        var words = File.ReadLines(_folder.At("out/words.ctm")).Select(line => line.Split(' ')).ToList();
        foreach (var utterance in words.GroupBy(word => word[0]))
        {
            Assert.Equal(_toy.Texts[utterance.Key], string.Join(' ', utterance.Select(word => word[4])));
            Assert.Equal(got.PdfsOf(utterance.Key).Length / 100.0, utterance.Sum(word => double.Parse(word[3])), 1e-6);
        }

        Assert.Equal(words.Count, File.ReadLines(_folder.At("out/phones.ctm")).Count());
        var grid = File.ReadAllText(_folder.At($"out/textgrid/{words[0][0]}.TextGrid"));
        Assert.Contains($"text = \"{words[0][4]}\"", grid, StringComparison.Ordinal);
        Assert.Equal(1, ContextDependency(_folder.At("out/tree")));
    }

    [Fact]
    public void Doubtful_transcripts_come_first_and_those_that_do_not_align_have_a_reason()
    {
        var lines = File.ReadAllLines(_folder.At("data/text"));
        var ids = lines.Select(line => line.Split(' ')[0]).ToArray();
        var wrong = lines[4].Split(' ')[1..].Select(word => word switch { "a" => "b", "b" => "c", _ => "a" });
        lines[1] = $"{ids[1]} a nowhere b";
        lines[2] = $"{ids[2]} {string.Join(' ', Enumerable.Repeat("a b", 60))}";
        lines[3] = ids[3];
        lines[4] = $"{ids[4]} {string.Join(' ', wrong)}";
        File.WriteAllLines(_folder.At("data/text"), lines);

        var summary = Align(_toy.Run, "out", grids: false);

        Assert.Equal(ids[4], summary.Scores[0].Utterance);
        Assert.InRange(summary.Scores[0].Score, 0, 0.3f);
        Assert.InRange(summary.Scores[1].Score, 2 * summary.Scores[0].Score, 1);
        Assert.Equal(
            [
                $"{ids[1]}\tthe lexicon lacks 'nowhere', and the language has no word for unknown ones",
                $"{ids[2]}\tit has {FramesOf(ids[2])} frames, its text needs at least 120",
                $"{ids[3]}\tits transcript is empty",
            ],
            File.ReadAllLines(_folder.At("out/failed.tsv")));
        Assert.StartsWith($"{ids[4]}\t0.", File.ReadAllLines(_folder.At("out/scores.tsv"))[1], StringComparison.Ordinal);
        Assert.Equal(["nowhere"], summary.Unknown.Keys);
        Assert.False(Directory.Exists(_folder.At("out/textgrid")));
    }

    [Fact]
    public void A_package_aligns_as_its_run_does()
    {
        ModelPackage.Write(ModelFiles.Find(_toy.Run, []), _folder.At("package"));

        Align(_toy.Run, "run");
        Align(_folder.At("package"), "packaged");

        Assert.Equal(File.ReadAllText(_folder.At("run/words.ctm")), File.ReadAllText(_folder.At("packaged/words.ctm")));
        Assert.Equal(File.ReadAllText(_folder.At("run/scores.tsv")), File.ReadAllText(_folder.At("packaged/scores.tsv")));
    }

    [Fact]
    public void What_does_not_belong_together_is_one_line_each()
    {
        Says("it is none of them", () => Align(_folder.At("data"), "out"));
        Says("lang2: no such folder", () => Align(_toy.Run, "out", lang: "lang2"));
        File.WriteAllText(_folder.At("lang/phones.txt"), "<eps> 0\na 1\n");
        Says("phones.txt does not name phone 2 of the model (2 are missing)", () => Align(_toy.Run, "out"));
        File.WriteAllText(_folder.At("lang/phones.txt"), "<eps> 0\na 1\nb 2\nc 3\n");
        File.Delete(_folder.At("data/text"));
        Says("without texts there is nothing to align", () => Align(_toy.Run, "out"));
        File.WriteAllLines(_folder.At("data/text"), File.ReadLines(_toy.At("cv/text")).Select(line => $"{line.Split(' ')[0]} d"));
        Says("no utterance aligns", () => Align(_toy.Run, "out"));
        Assert.False(File.Exists(_folder.At("out/ali.1.gz")));

        static void Says(string message, Action action) =>
            Assert.Contains(message, Assert.Throws<InputException>(action).Message, StringComparison.Ordinal);
    }

    private static int ContextDependency(string tree) => Kaldi.Trees.ContextDependency.Read(tree).ContextWidth;

    private int FramesOf(string utterance) =>
        KaldiTables.IntVector.Read($"ark:{_toy.At("cv/ali.1")}").First(ali => ali.Key == utterance).Value.Length;

    private AlignmentSummary Align(string model, string output, bool grids = true, string lang = "lang") => AlignmentJob.Run(
        new()
        {
            Model = model,
            Data = _folder.At("data"),
            Language = _folder.At(lang),
            Output = _folder.At(output),
            TextGrids = grids,
            Threads = 2,
        },
        SilentProgress.Instance,
        default);
}
