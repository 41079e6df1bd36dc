using System.Globalization;
using System.Numerics.Tensors;
using System.Text.RegularExpressions;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Nnetbin;

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
            .Where(line => File.Exists(Absolute(line.Split(' ')[^1])))
            .Where(line => line.Split(' ').Where(IsModel).All(model => File.Exists(Absolute(model)))),
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
        NnetGoldens.AssertPerClass(log, run.Errors);
        Assert.Equal(Shape(log), Shape(run.Errors));
        if (!writes)
            return;

        var weights = NnetGoldens.Parameters(golden);
        var difference = NnetGoldens.Difference(weights, NnetGoldens.Parameters(arguments[^1]));
        KaldiAgreement.Record(
            console.WriteLine, "nnet-train-frmshuff", $"{Steps}{Path.GetFileName(golden)}", 1, weights.Length, difference,
            "1e-5; loss and accuracy the same digits");
        Assert.InRange(difference, 0, 1e-5);
    }

    [SharedDataTheory]
    [InlineData("transf-out.first3utts.txt.gz", "", "transf.nnet")]
    [InlineData("Sigmoid.forward-post.txt.gz", "--feature-transform={0}transf.nnet", "Sigmoid.lr008.nnet")]
    [InlineData("Sigmoid.forward-post.txt.gz", "--feature-transform={0}transf.nnet", "Sigmoid.lr008.bin.nnet")]
    [InlineData("lstm.perutt1.forward-post.txt.gz", "--feature-transform={0}transf.nnet", "lstm.perutt1.nnet.gz")]
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
            "--use-gpu=no",
            .. string.Format(CultureInfo.InvariantCulture, options, steps).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            steps + network, $"ark:{steps}feats.ark", $"ark:{output}",
        ];

        var run = TrainingToolRun.Of("nnet-forward", arguments);

        Assert.True(run.Status == 0, run.Errors);
        NnetGoldens.AssertRows(
            console.WriteLine, $"{Steps}{golden}{(network.Contains(".bin.", StringComparison.Ordinal) ? ", binary network" : "")}",
            NnetGoldens.Rows(steps + golden), KaldiTables.Matrix.Read($"ark:{output}").ToDictionary());
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
        NnetGoldens.AssertRows(
            console.WriteLine, $"goldens/kaldi/exp/dnn3x512/{golden}", NnetGoldens.Rows(folder + golden),
            KaldiTables.Matrix.Read($"ark:{output}").ToDictionary());
    }

    [SharedDataTheory]
    [InlineData("dnn4_fbank", "dnn", "1e-4")]
    [InlineData("lstm2_fbank", "lstm", "1e-3 (Kaldi's rounding: 8.6e-4 from double precision)")]
    public void Forward_of_an_aishell_network_gives_Kaldis_log_likelihoods(string network, string golden, string allowed)
    {
        var folder = SharedData.At(Aishell);
        var (normalised, output) = (Path.Combine(_folder, "in.ark"), Path.Combine(_folder, "out.ark"));
        var speakers = Path.Combine(_folder, "utt2spk");
        File.WriteAllLines(
            speakers,
            new[] { "BAC009S0150W0421", "BAC009S0252W0421", "BAC009S0252W0500" }.Select(utterance => $"{utterance} {utterance[..11]}"));
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var status = KaldiToolbox.Find("apply-cmvn").Run(
            [
                "--norm-means=true", "--norm-vars=true", $"--utt2spk=ark:{speakers}", $"ark:{folder}forward/cmvn_fbank_test.txt",
                $"ark:{folder}forward/fbank.txt.gz", $"ark:{normalised}",
            ],
            errors,
            KaldiIoOptions.Default);
        Assert.True(status == 0, errors.ToString());

        var run = TrainingToolRun.Of(
            "nnet-forward", "--no-softmax=true", "--prior-scale=1.0", $"--feature-transform={folder}{network}/final.feature_transform",
            $"--class-frame-counts={folder}ali/ali_train_pdf.counts", "--use-gpu=no", $"{folder}{network}/final.nnet.gz",
            $"ark:{normalised}", $"ark:{output}");

        Assert.True(run.Status == 0, run.Errors);
        var expected = NnetGoldens.Rows($"{folder}forward/nnet_forward_{golden}.txt.gz");
        var actual = KaldiTables.Matrix.Read($"ark:{output}").ToDictionary();
        NnetGoldens.AssertRows(console.WriteLine, $"{Aishell}forward/nnet_forward_{golden}.txt.gz", expected, actual, allowed);
        var priors = PdfCounts.Read($"{folder}ali/ali_train_pdf.counts").LogPriors();
        foreach (var row in expected.Select(entry => new ArraySegment<float>(entry.Row)).Concat(actual.Values.SelectMany(Rows)))
            ToPosteriors(row, priors);
        NnetGoldens.AssertRows(console.WriteLine, $"{Aishell}forward/nnet_forward_{golden}.txt.gz as posteriors", expected, actual);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<ArraySegment<float>> Rows(FloatMatrix matrix) =>
        Enumerable.Range(0, matrix.Rows).Select(row => new ArraySegment<float>(matrix.Data, row * matrix.Columns, matrix.Columns));

    private static void ToPosteriors(ArraySegment<float> logLikelihoods, float[] logPriors)
    {
        TensorPrimitives.Add(logLikelihoods, logPriors, logLikelihoods);
        TensorPrimitives.SoftMax(logLikelihoods.AsSpan(), logLikelihoods.AsSpan());
    }

    [GeneratedRegex(@"AvgLoss: .*|FRAME_ACCURACY .*|@@@ Frames .*|Done \d+ files, .*?\[\S+ \S+,|### After .*")]
    private static partial Regex Figures();

    // The words of a log without its numbers and places.
    private static string Shape(string log) => Regex.Replace(
        Regex.Replace(
            log[(log.IndexOf('\n', StringComparison.Ordinal) + 1)..],
            @"\(nnet-train-frmshuff[^)]*\)+(:main\(\))?(:\S+\))?", "()"),
        @"-?[\d.]+(e[-+]\d+)?", "#");

    private static bool IsModel(string word) =>
        word.EndsWith(".nnet", StringComparison.Ordinal) && !word.StartsWith("--", StringComparison.Ordinal);

    private static string Absolute(string word) => word.Replace("./nnet1_steps/", SharedData.At(Steps), StringComparison.Ordinal);
}
