using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Features.KaldiTools;
using Mimir.Features.Nnet1;
using Mimir.Features.Tables;
using Mimir.Tests.Support;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.KaldiTools;

/// <summary>Every kept command line of Kaldi's nnet-train-frmshuff and nnet-forward, against what Kaldi wrote.</summary>
[Collection("threads")]
public sealed partial class NnetGoldenTests(ITestOutputHelper console) : IDisposable
{
    private const string Steps = "goldens/kaldi/nnet1_steps/";
    private const string Aishell = "corpora/aishell-sample/";

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-nnet-golden").FullName;

    public static TheoryData<string> TrainingCommands => SharedData.Root is null ? [] :
    [
        .. File.ReadLines(SharedData.At(Steps + "commands.txt"))
            .Where(line => line.StartsWith("nnet-train-frmshuff ", StringComparison.Ordinal))
            .Where(line => File.Exists(Absolute(line.Split(' ')[^1])) && line.Split(' ').Where(IsModel).All(model => File.Exists(Absolute(model)))),
    ];

    [SharedDataTheory]
    [MemberData(nameof(TrainingCommands))]
    public void Training_command_ends_in_Kaldis_weights_and_log(string command)
    {
        var words = command.Split(" 2> ");
        var arguments = words[0].Split(' ')[1..].Select(Absolute).ToArray();
        var writes = arguments.Count(IsModel) == 2;
        var golden = arguments[^1];
        if (writes)
            arguments[^1] = Path.Combine(_folder, "out.nnet");

        var run = TrainingToolRun.Of("nnet-train-frmshuff", arguments);

        Assert.True(run.Status == 0, run.Errors);
        var log = File.ReadAllText(Absolute(words[1].Trim()));
        Assert.Equal(Figures().Matches(log).Select(m => m.Value), Figures().Matches(run.Errors).Select(m => m.Value));
        AssertPerClass(log, run.Errors);
        Assert.Equal(Shape(log), Shape(run.Errors));
        if (!writes)
            return;

        var weights = Parameters(golden);
        var difference = Difference(weights, Parameters(arguments[^1]));
        KaldiAgreement.Record(
            console.WriteLine, "nnet-train-frmshuff", $"{Steps}{Path.GetFileName(golden)}", 1, weights.Length, difference, "1e-5; loss and accuracy the same digits");
        Assert.InRange(difference, 0, 1e-5);
    }

    [SharedDataTheory]
    [InlineData("transf-out.first3utts.txt.gz", "", "transf.nnet")]
    [InlineData("Sigmoid.forward-post.txt.gz", "--feature-transform={0}transf.nnet", "Sigmoid.lr008.nnet")]
    [InlineData("Sigmoid.forward-post.txt.gz", "--feature-transform={0}transf.nnet", "Sigmoid.lr008.bin.nnet")]
    [InlineData(
        "Sigmoid.forward-llk.txt",
        "--feature-transform={0}transf.nnet --class-frame-counts={0}pdf.counts --no-softmax=true --prior-scale=1.0",
        "Sigmoid.lr008.nnet")]
    public void Forward_command_gives_Kaldis_outputs(string golden, string options, string network)
    {
        var steps = SharedData.At(Steps);
        var output = Path.Combine(_folder, "out.ark");
        string[] arguments =
        [
            "--use-gpu=no", .. string.Format(CultureInfo.InvariantCulture, options, steps).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            steps + network, $"ark:{steps}feats.ark", $"ark:{output}",
        ];

        var run = TrainingToolRun.Of("nnet-forward", arguments);

        Assert.True(run.Status == 0, run.Errors);
        AssertRows($"{Steps}{golden}{(network.Contains(".bin.", StringComparison.Ordinal) ? ", binary network" : "")}", Rows(steps + golden), MatrixTable.Read($"ark:{output}").ToDictionary());
    }

    [SharedDataTheory]
    [InlineData("test2.llk.txt.gz", "--no-softmax=true", "--class-frame-counts={0}ali_train_pdf.counts")]
    [InlineData("test2.posteriors.first.txt.gz")]
    public void Forward_of_the_digits_network_gives_Kaldis_outputs(string golden, params string[] options)
    {
        var folder = SharedData.At("goldens/kaldi/exp/dnn3x512/");
        var output = Path.Combine(_folder, "out.ark");

        var run = TrainingToolRun.Of(
            "nnet-forward",
            [
                .. options.Select(option => string.Format(CultureInfo.InvariantCulture, option, folder)),
                $"--feature-transform={folder}final.feature_transform", $"{folder}final.nnet", $"ark:{folder}test2.in.ark", $"ark:{output}",
            ]);

        Assert.True(run.Status == 0, run.Errors);
        AssertRows($"goldens/kaldi/exp/dnn3x512/{golden}", Rows(folder + golden), MatrixTable.Read($"ark:{output}").ToDictionary());
    }

    [SharedDataFact]
    public void Forward_of_the_aishell_network_gives_Kaldis_log_likelihoods()
    {
        var folder = SharedData.At(Aishell);
        var (normalised, output) = (Path.Combine(_folder, "in.ark"), Path.Combine(_folder, "out.ark"));
        var speakers = Path.Combine(_folder, "utt2spk");
        File.WriteAllLines(
            speakers,
            new[] { "BAC009S0150W0421", "BAC009S0252W0421", "BAC009S0252W0500" }.Select(utterance => $"{utterance} {utterance[..11]}"));
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var status = new KaldiToolbox(KaldiToolbox.Makers).Create("apply-cmvn").Run(
            [
                "--norm-means=true", "--norm-vars=true", $"--utt2spk=ark:{speakers}", $"ark:{folder}forward/cmvn_fbank_test.txt",
                $"ark:{folder}forward/fbank.txt.gz", $"ark:{normalised}",
            ],
            errors,
            KaldiIoOptions.Default);
        Assert.True(status == 0, errors.ToString());

        var run = TrainingToolRun.Of(
            "nnet-forward", "--no-softmax=true", "--prior-scale=1.0", $"--feature-transform={folder}dnn4_fbank/final.feature_transform",
            $"--class-frame-counts={folder}ali/ali_train_pdf.counts", "--use-gpu=no", $"{folder}dnn4_fbank/final.nnet.gz",
            $"ark:{normalised}", $"ark:{output}");

        Assert.True(run.Status == 0, run.Errors);
        AssertRows($"{Aishell}forward/nnet_forward_dnn.txt.gz", Rows($"{folder}forward/nnet_forward_dnn.txt.gz"), MatrixTable.Read($"ark:{output}").ToDictionary());
    }

    [SharedDataFact]
    public void Forward_of_an_lstm_names_the_component()
    {
        var steps = SharedData.At(Steps);

        var run = TrainingToolRun.Of(
            "nnet-forward", $"{steps}lstm.init.nnet.gz", $"ark:{steps}feats.ark", $"ark:{Path.Combine(_folder, "out.ark")}");

        Assert.Equal(255, run.Status);
        Assert.Contains("component 1, <LstmProjected>, can be read and written here, but not computed", run.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [GeneratedRegex(@"AvgLoss: .*|FRAME_ACCURACY .*|@@@ Frames .*|Done \d+ files, .*?\[\S+ \S+,|### After .*")]
    private static partial Regex Figures();

    // Sums in single precision end in other last digits than sums in double.
    private static void AssertPerClass(string expected, string actual)
    {
        static double[] Numbers(string log) =>
        [
            .. log.Split('\n').Where(line => line.StartsWith("@@@ ", StringComparison.Ordinal))
                .SelectMany(line => line.Split(' ')).Where(word => word.Length > 0 && char.IsAsciiDigit(word[0]))
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
        ];
        foreach (var (want, got) in Numbers(expected).Zip(Numbers(actual)))
            Assert.Equal(want, got, 2e-5 * (1 + want));
    }

    // The words of a log without its numbers and places.
    private static string Shape(string log) => Regex.Replace(
        Regex.Replace(log[(log.IndexOf('\n', StringComparison.Ordinal) + 1)..], @"\(nnet-train-frmshuff[^)]*\)+(:main\(\))?(:\S+\))?", "()"),
        @"-?[\d.]+(e[-+]\d+)?", "#");

    private static bool IsModel(string word) => word.EndsWith(".nnet", StringComparison.Ordinal) && !word.StartsWith("--", StringComparison.Ordinal);

    private static string Absolute(string word) => word.Replace("./nnet1_steps/", SharedData.At(Steps), StringComparison.Ordinal);

    private static float[] Parameters(string file) => [.. Nnet1File.Read(file).Components.OfType<AffineTransform>().SelectMany(a => a.Weights.Data.Concat(a.Bias))];

    private static double Difference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
    }

    // Goldens may be cut off after some lines, so their rows are compared one by one.
    private static List<(string Key, float[] Row)> Rows(string file)
    {
        var rows = new List<(string, float[])>();
        var key = "";
        using var reader = new StreamReader(KaldiInput.Open(file));
        while (reader.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "["])
                key = words[0];
            else if (words.Length > 1)
                rows.Add((key, [.. words.Where(word => word != "]").Select(word => float.Parse(word, CultureInfo.InvariantCulture))]));
        }

        return rows;
    }

    private void AssertRows(
        string name, List<(string Key, float[] Row)> expected, Dictionary<string, Mimir.Features.Matrices.FloatMatrix> actual)
    {
        var next = new Dictionary<string, int>();
        double worst = 0;
        foreach (var (key, row) in expected)
        {
            var frame = next[key] = next.GetValueOrDefault(key, -1) + 1;
            var got = actual[key].Row(frame);
            Assert.Equal(row.Length, got.Length);
            for (var i = 0; i < row.Length; i++)
                worst = Math.Max(worst, Math.Abs((double)row[i] - got[i]));
        }

        KaldiAgreement.Record(
            console.WriteLine, "nnet-forward", name, 1, expected.Sum(row => row.Row.Length), worst, "1e-4");
        Assert.NotEmpty(expected);
        Assert.InRange(worst, 0, 1e-4);
    }
}
