using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Every kept command line of Kaldi's trainers of recurrent networks, against what Kaldi wrote.</summary>
[Collection("threads")]
public sealed partial class SequenceGoldenTests(ITestOutputHelper console) : IDisposable
{
    private const string Steps = "goldens/kaldi/nnet1_steps/";

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-sequence-golden").FullName;

    public static TheoryData<string> TrainingCommands => SharedData.Root is null ? [] :
    [
        .. File.ReadLines(SharedData.At(Steps + "commands.txt"))
            .Where(line => line.StartsWith("nnet-train-multistream", StringComparison.Ordinal)),
    ];

    [SharedDataTheory]
    [MemberData(nameof(TrainingCommands))]
    public void Training_command_ends_in_Kaldis_weights_and_log(string command)
    {
        var words = command.Split(" 2> ");
        var arguments = words[0].Split(' ').Select(Absolute).ToArray();
        var writes = arguments.Count(IsModel) == 2;
        var golden = arguments[^1];
        if (writes)
            arguments[^1] = Path.Combine(_folder, "out.nnet");

        // The batches are too small for a second thread.
        var run = TrainingToolRun.Of(arguments[0], ["--num-threads=1", .. arguments[1..]]);

        Assert.True(run.Status == 0, run.Errors);
        Assert.Equal(Figures(SummaryOf(words[1].Trim())), Figures(run.Errors));
        var log = Absolute(words[1].Trim());
        if (File.Exists(log))
        {
            Assert.Equal(Counts().Matches(File.ReadAllText(log)).Select(m => m.Value), Counts().Matches(run.Errors).Select(m => m.Value));
            NnetGoldens.AssertPerClass(File.ReadAllText(log), run.Errors);
            Assert.Equal(Shape(File.ReadAllText(log), arguments[0]), Shape(run.Errors, arguments[0]));
        }

        if (!writes || !File.Exists(golden))
            return;

        var weights = NnetGoldens.Parameters(golden);
        var difference = NnetGoldens.Difference(weights, NnetGoldens.Parameters(arguments[^1]));
        KaldiAgreement.Record(
            console.WriteLine, arguments[0], $"{Steps}{Path.GetFileName(golden)}", 1, weights.Length, difference,
            "1e-5; loss and accuracy the same digits");
        Assert.InRange(difference, 0, 1e-5);
    }

    [SharedDataFact]
    public void Cross_validation_of_the_aishell_network_gives_Kaldis_loss_from_the_recordings_on()
    {
        var folder = SharedData.At("corpora/aishell-sample/");
        File.WriteAllLines(
            At("wav.scp"),
            File.ReadLines(folder + "dev/wav.scp").Select(line => line.Replace(" dev/", $" {folder}dev/", StringComparison.Ordinal)));
        foreach (var number in new[] { 1, 2 })
            Tool("ali-to-pdf", folder + "gmm/final.mdl", $"ark:{folder}ali/dev/ali.{number}.gz", $"ark:{At($"pdf.{number}")}");
        File.WriteAllBytes(At("pdf"), [.. File.ReadAllBytes(At("pdf.1")), .. File.ReadAllBytes(At("pdf.2"))]);
        Tool("ali-to-post", $"ark:{At("pdf")}", $"ark:{At("post")}");
        Tool("compute-fbank-feats", $"--config={folder}conf/fbank.conf", $"scp:{At("wav.scp")}", $"ark:{At("fbank")}");
        Tool("compute-cmvn-stats", $"--spk2utt=ark:{folder}dev/spk2utt", $"ark:{At("fbank")}", $"ark:{At("cmvn")}");
        Tool(
            "apply-cmvn", "--norm-means=true", "--norm-vars=true", $"--utt2spk=ark:{folder}dev/utt2spk", $"ark:{At("cmvn")}",
            $"ark:{At("fbank")}",
            $"ark:{At("feats")}");

        var run = TrainingToolRun.Of(
            "nnet-train-multistream", "--cross-validate=true", "--use-gpu=no", "--num-threads=1", "--num-streams=10", "--batch-size=20",
            $"--feature-transform={folder}lstm2_fbank/final.feature_transform", $"ark:{At("feats")}", $"ark:{At("post")}",
            folder + "lstm2_fbank/final.nnet.gz");

        var log = File.ReadAllText(folder + "lstm2_fbank/logs/iter06.cv.log");
        Assert.True(run.Status == 0, run.Errors);
        Assert.Equal(
            Counts().Matches(log).Select(m => m.Value),
            Counts().Matches(run.Errors).Select(m => m.Value).Where(line => !line.StartsWith("@@@", StringComparison.Ordinal)));
        var (expected, actual) = (Numbers(log), Numbers(run.Errors));
        KaldiAgreement.Record(
            console.WriteLine, "nnet-train-multistream", "corpora/aishell-sample/lstm2_fbank/logs/iter06.cv.log, from the recordings on", 1,
            1,
            Math.Abs(expected.Loss - actual.Loss), "2e-5; accuracy to 0.01%");
        Assert.Equal(expected.Loss, actual.Loss, 2e-5);
        Assert.Equal(expected.Accuracy, actual.Accuracy, 0.01);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"@@@ Frames .*|Done \d+ files, .*?\[\w+|### After .*|No more data.*")]
    private static partial Regex Counts();

    // A log may not be kept; what it ended with is, for all of them.
    private static string SummaryOf(string log) => string.Join(
        '\n', File.ReadLines(SharedData.At(Steps + "summary.txt")).Where(line => line.StartsWith(log, StringComparison.Ordinal)));

    private static IEnumerable<string> Figures(string text) =>
        Regex.Matches(text, "AvgLoss: .*|FRAME_ACCURACY .*").Select(match => match.Value);

    // The words of a log without its numbers and places, and without what flows within a recurrent layer.
    private static string Shape(string log, string tool)
    {
        var text = Regex.Replace(
            log[(log.IndexOf("LOG", StringComparison.Ordinal))..],
            @"\n  ### (Activations|Derivatives).*|\n  [YD]\S+ +\( min.*|\nWARNING .* is left out, as Kaldi leaves it out", "");
        text = Regex.Replace(text, @"fps[\d.e+]+", "fps#");
        return Regex.Replace(
            Regex.Replace(text, @"\(" + tool + @"[^)]*\)+(:main\(\))?(:\S+\))?", "()"), @"(?<![\w.])-?\d[\d.]*(e[-+]\d+)?", "#");
    }

    private static (double Loss, double Accuracy) Numbers(string log)
    {
        double Behind(string word) =>
            double.Parse(Regex.Match(log, $"{word} ([0-9.]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        return (Behind("AvgLoss:"), Behind("FRAME_ACCURACY >>"));
    }

    private static void Tool(string tool, params string[] arguments)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        Assert.True(KaldiToolbox.Find(tool).Run(arguments, errors, KaldiIoOptions.Default) == 0, errors.ToString());
    }

    private string At(string file) => Path.Combine(_folder, file);

    private static bool IsModel(string word) =>
        !word.StartsWith("--", StringComparison.Ordinal)
        && (word.EndsWith(".nnet", StringComparison.Ordinal) || word.EndsWith(".nnet.gz", StringComparison.Ordinal));

    private static string Absolute(string word)
    {
        var path = word.Replace("./nnet1_steps/", SharedData.At(Steps), StringComparison.Ordinal);
        return File.Exists(path + ".gz") ? path + ".gz" : path;
    }
}
