using System.Globalization;
using System.Text.RegularExpressions;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Every kept command line of Kaldi's trainers over lattices, against the weights and the log that Kaldi wrote.</summary>
[Collection("threads")]
public sealed partial class LatticeTrainingGoldenTests(ITestOutputHelper console) : IDisposable
{
    private const string Goldens = "goldens/kaldi-sequence/";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands => SharedData.Root is null ? [] :
    [
        .. File.ReadLines(SharedData.At(Goldens + "commands.txt"))
            .Where(line => line.StartsWith("nnet-train-m", StringComparison.Ordinal)),
    ];

    [SharedDataTheory]
    [MemberData(nameof(Commands))]
    public void Training_command_ends_in_Kaldis_weights_and_objective(string command)
    {
        var words = command.Split(" 2> ");
        var arguments = words[0].Split(' ').Select(Absolute).ToArray();
        var golden = arguments[^1];
        arguments[^1] = _folder.At("out.nnet");

        var run = TrainingToolRun.Of(arguments[0], ["--num-threads=1", .. arguments[1..]]);

        Assert.True(run.Status == 0, run.Errors);
        var log = File.ReadAllText(Absolute(words[1].Trim()));
        Assert.Equal(Lines(log, Figures()), Lines(run.Errors, Figures()));
        Assert.Equal(Shape(log), Shape(run.Errors));
        var largest = Largest(log, run.Errors);
        KaldiAgreement.Record(
            console.WriteLine, arguments[0], $"{Goldens}{words[1].Trim()}", 1, Lines(log, Objectives()).Length, largest, "2e-6");
        Assert.InRange(largest, 0, 2e-6);
        if (golden == "/dev/null")
            return;

        var weights = NnetGoldens.Parameters(golden);
        var difference = NnetGoldens.Difference(weights, NnetGoldens.Parameters(arguments[^1]));
        KaldiAgreement.Record(
            console.WriteLine, arguments[0], $"{Goldens}{Path.GetFileName(golden)}", 1, weights.Length, difference, "1e-5");
        Assert.InRange(difference, 0, 1e-5);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"Lattice #.*|(Dropped|\[dropping disabled\]) .*|Done \d.*|dropped \d+ frames with.*")]
    private static partial Regex Figures();

    // The objectives of utterances and of all, with posteriors on the reference.
    [GeneratedRegex(@"(?<=obj\. value = |frame accuracy = |on ali |objective/frame is |frame-accuracy is )-?[\d.]+(e-?\d+)?")]
    private static partial Regex Objectives();

    private static string[] Lines(string log, Regex pattern) => [.. pattern.Matches(log).Select(match => match.Value)];

    private static double Largest(string expected, string actual)
    {
        static double[] Values(string log) =>
            [.. Lines(log, Objectives()).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        var (want, got) = (Values(expected), Values(actual));
        Assert.Equal(want.Length, got.Length);
        return want.Zip(got, (a, b) => Math.Abs(a - b)).Max();
    }

    // The words of a log without its numbers and places.
    private static string Shape(string log)
    {
        var text = log[log.IndexOf("LOG", StringComparison.Ordinal)..].Replace("$SHARED", SharedData.Root, StringComparison.Ordinal);
        text = Regex.Replace(text, @"(?m)^(\w+(\[1\])?) \(\S+\) ", "$1 ");
        text = Regex.Replace(text, @"(Removing softmax from the nnet|Appending the softmax) .*|(?<=pdf-priors from) .*", "$1");
        return Regex.Replace(text, @"(?<![\w.])-?(\d[\d.]*(e[-+]\d+)?|nan|inf)", "#");
    }

    private static string Absolute(string word)
    {
        var path = word.Replace("$SHARED", SharedData.Root, StringComparison.Ordinal);
        var archive = path.StartsWith("ark:", StringComparison.Ordinal) ? path[4..] : path;
        var here = archive.Contains('/', StringComparison.Ordinal) || archive.StartsWith('-') ? archive : SharedData.At(Goldens + archive);
        var file = File.Exists(here + ".gz") ? here + ".gz" : File.Exists(here) ? here : null;
        return file is null ? path : path.StartsWith("ark:", StringComparison.Ordinal) ? $"ark:{file}" : file;
    }
}
