using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Features.Audio;

namespace Mimir.KaldiTools.Tests;

/// <summary>Every program on small data: a row has a command line and its output.</summary>
/// <remarks>
/// <c>{name}</c> is a file of <see cref="Files"/> or a new one, <c>|</c> a pipe, <c>&amp;&amp;</c> a sequence; the output is that of
/// the last program, with <c>/</c> between its lines, or a part of its log. The tests of goldens compare with Kaldi itself.
/// </remarks>
[Collection("threads")]
public sealed partial class KaldiToolboxTests : IDisposable
{
    private const string Log = "LOG: ";

    private const string Network =
        "<Nnet> <AffineTransform> 2 3 [ 1 0 -1 ; 0 1 0 ] [ 1 2 ] <Softmax> 2 2 </Nnet>";

    private static readonly Dictionary<string, string> Files = new()
    {
        ["feats"] = "a  [\n  1 2 3\n  4 5 6\n  7 8 9 ]\nb  [\n  1 1 1 ]\n",
        ["pitch"] = "a  [\n  0.5 100\n  0.9 200\n  0.9 200 ]\n",
        ["stats"] = "a  [\n 4 6 2\n 10 20 0 ]\n",
        ["cmvn"] = "a  [\n 12 15 18 3\n 72 99 132 0 ]\n",
        ["global"] = " [ 4 8 4\n 8 20 0 ]\n",
        ["matrix"] = " [\n 1 2 3\n 4 5 6 ]\n",
        ["vectors"] = "a [ 0.5 0 1 ]\n",
        ["ali"] = "u 2 1 4 6\n",
        ["labels"] = "a 0 1 1\nb 1\n",
        ["post"] = "u [ 5 0.25 1 0.5 2 0.25 ] [ 3 1 ]\n",
        ["targets"] = "a [ 0 1 ] [ 1 1 ] [ 1 1 ]\nb [ 1 1 ]\n",
        ["phones"] = "<eps> 0\na 1\nb 2\n",
        ["tree"] = "ContextDependency 3 1 ToPdf CE 4 EndContextDependency \n",
        ["nnet"] = Network,
        ["linear"] = "<Nnet> <LinearTransform> 3 3 [ 1 0 0 ; 0 1 0 ; 0 0 1 ] </Nnet>",
        ["dropout"] = "<Nnet> <Dropout> 2 2 <DropoutRate> 0.5 <Sigmoid> 2 2 </Nnet>",
        ["lstm"] = "<NnetProto>\n<LstmProjected> <InputDim> 3 <OutputDim> 2 <CellDim> 2\n<AffineTransform> <InputDim> 2 <OutputDim> 2\n"
            + "<Softmax> <InputDim> 2 <OutputDim> 2\n</NnetProto>\n",
        ["proto"] = "<NnetProto>\n<AffineTransform> <InputDim> 3 <OutputDim> 2 <ParamStddev> 0 <BiasMean> 1 <BiasRange> 0\n</NnetProto>\n",
        ["rbm"] = "<Nnet> <Rbm> 1 2 gauss bern [ 1 2 ] [ 3 4 ] [ 5 ] </Nnet>",
        ["scp"] = "r {wav}\n",
        ["segments"] = "u r 0.25 0.5\n",
        ["stdin"] = "r -\n",
        ["htk"] = "a {dir/a.fea}\nb {dir/b.fea}\n",
    };

    private readonly TemporaryFolder _folder = new();

    /// <summary>Gets the rows of all folders: those of this file, and those of the <see cref="ToolRows"/> of the others.</summary>
    public static TheoryData<string, string> Rows
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var rows in Folders().Select(folder => folder.Rows).Prepend(FirstRows))
            {
                foreach (var row in rows)
                    all.Add((string)row[0], (string)row[1]);
            }

            return all;
        }
    }

    private static TheoryData<string, string> FirstRows { get; } = new()
    {
        { "ali-to-pdf {model} ark:{ali} ark,t:-", "u 0 0 1 2" },
        { "ali-to-phones {model} ark:{ali} ark,t:-", "u 1 2" },
        { "ali-to-phones --per-frame {model} ark:{ali} ark,t:-", "u 1 1 1 2" },
        { "ali-to-phones --write-lengths {model} ark:{ali} ark,t:-", "u 1 3 ; 2 1" },
        { "ali-to-phones --ctm-output {model} ark:{ali} -", "u 1 0.000 0.030 1 / u 1 0.030 0.010 2" },
        { "ali-to-post ark:{ali} ark,t:-", "u [ 2 1 ] [ 1 1 ] [ 4 1 ] [ 6 1 ]" },
        { "am-info {model}", "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3" },
        { "analyze-counts --binary=false ark:{labels} -", "[ 1.5 3.5 ]" },
        { "copy-int-vector ark:{ali} ark,t:-", "u 2 1 4 6" },
        { "copy-matrix --scale=2 ark:{feats} ark,t:-", "a [ / 2 4 6 / 8 10 12 / 14 16 18 ] / b [ / 2 2 2 ]" },
        { "copy-matrix --apply-power=2 ark:{feats} ark,t:-", "a [ / 1 4 9 / 16 25 36 / 49 64 81 ] / b [ / 1 1 1 ]" },
        { "copy-post --scale=2 ark:{post} ark,t:-", "u [ 5 0.5 1 1 2 0.5 ] [ 3 2 ]" },
        { "copy-post --scale=0 ark:{post} ark,t:-", "u [ ] [ ]" },
        {
            "copy-transition-model {model} - | hmm-info -",
            "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3"
        },
        { "copy-tree --binary=false {tree} -", "ContextDependency 3 1 ToPdf CE 4 EndContextDependency" },
        { "copy-vector --scale=2 --change_dim=2 ark:{vectors} ark,t:-", "a [ 1 0 ]" },
        { "copy-vector --scale=2 --change_dim=4 ark:{vectors} ark,t:-", "a [ 1 0 2 0 ]" },
        { "copy-vector --scale=2 ark:{vectors} ark,t:-", "a [ 1 0 2 ]" },
        { "hmm-info {model}", "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3" },
        { "post-to-pdf-post {model} ark:{post} ark,t:-", "u [ 0 0.75 2 0.25 ] [ 1 1 ]" },
        { "show-alignments {phones} {model} ark:{ali}", "u [ 2 1 4 ] [ 6 ] / u a b" },
        {
            "show-transitions {phones} {model}",
            "Transition-state 1: phone = a hmm-state = 0 pdf = 0 / Transition-id = 1 p = 0.75 [self-loop] / Transition-id = 2 p "
                + "= 0.25 [0 -> 1] / Transition-state 2: phone = a hmm-state = 1 pdf = 1 / Transition-id = 3 p = 0.75 [self-loop] / "
                + "Transition-id = 4 p = 0.25 [1 -> 2] / Transition-state 3: phone = b hmm-state = 0 pdf = 2 / Transition-id = 5 p = "
                + "0.75 [self-loop] / Transition-id = 6 p = 0.25 [0 -> 1]"
        },
        { "tree-info {tree}", "num-pdfs 5 / context-width 3 / central-position 1" },
        { "weight-silence-post 0.5 2 {model} ark:{post} ark,t:-", "u [ 5 0.125 1 0.5 2 0.25 ] [ 3 1 ]" },
        { "weight-silence-post 0.0 2 {model} ark:{post} ark,t:-", "u [ 1 0.5 2 0.25 ] [ 3 1 ]" },
        { "weight-silence-post --distribute 0.0 2 {model} ark:{post} ark,t:-", "u [ 5 0.1875 1 0.375 2 0.1875 ] [ 3 1 ]" },
        {
            "add-deltas --delta-order=1 --delta-window=1 ark:{feats} ark,t:-",
            "a [ / 1 2 3 1.5 1.5 1.5 / 4 5 6 3 3 3 / 7 8 9 1.5 1.5 1.5 ] / b [ / 1 1 1 0 0 0 ]"
        },
        { "apply-cmvn ark:{cmvn} ark:{feats} ark,t:-", "a [ / -3 -3 -3 / 0 0 0 / 3 3 3 ]" },
        {
            "apply-cmvn-sliding --cmn-window=3 --center=true --min-cmn-window=1 ark:{feats} ark,t:-",
            "a [ / -3 -3 -3 / 0 0 0 / 3 3 3 ] / b [ / 0 0 0 ]"
        },
        {
            "apply-cmvn-sliding --cmn-window=1 --min-cmn-window=1 ark:{feats} ark,t:-",
            "a [ / 0 0 0 / 1.5 1.5 1.5 / 1.5 1.5 1.5 ] / b [ / 0 0 0 ]"
        },
        { "compute-and-process-kaldi-pitch-feats --sample-frequency=8000 scp:{scp} ark:- | feat-to-dim ark:- -", "3" },
        { "compute-cmvn-stats ark:{feats} ark,t:-", "a [ / 12 15 18 3 / 66 93 126 0 ] / b [ / 1 1 1 1 / 1 1 1 0 ]" },
        { "compute-fbank-feats --sample-frequency=8000 scp:{scp} ark:- | feat-to-dim ark:- -", "23" },
        { "compute-kaldi-pitch-feats --sample-frequency=8000 scp:{scp} ark:- | feat-to-dim ark:- -", "2" },
        { "compute-mfcc-feats --sample-frequency=8000 --num-ceps=7 scp:{scp} ark:- | feat-to-dim ark:- -", "7" },
        { "compute-plp-feats --sample-frequency=8000 scp:{scp} ark:- | feat-to-len ark:-", "98" },
        { "compute-spectrogram-feats --sample-frequency=8000 scp:{scp} ark:- | feat-to-dim ark:- -", "129" },
        { "compute-vad --vad-energy-threshold=0 --vad-energy-mean-scale=1 ark:{feats} ark,t:-", "a [ 0 0 1 ] / b [ 0 ]" },
        { "concat-feats --binary=false {matrix} {matrix} -", "[ / 1 2 3 / 4 5 6 / 1 2 3 / 4 5 6 ]" },
        {
            "copy-feats --compress=true --compression-method=3 ark:{feats} ark:- | copy-feats ark:- ark,t:-",
            "a [ / 1 2.000015 3.000031 / 4.000046 4.999939 5.999954 / 6.999969 7.999985 9 ] / b [ / 1 1 1 ]"
        },
        {
            "copy-feats-to-htk --output-dir={dir} ark:{feats} && copy-feats --htk-in=true scp:{htk} ark,t:-",
            "a [ / 1 2 3 / 4 5 6 / 7 8 9 ] / b [ / 1 1 1 ]"
        },
        { "copy-feats-to-sphinx --output-dir={dir} ark:{feats}", "LOG: 2 Sphinx feature files generated in the direcory: " },
        { "extract-segments scp:{scp} {segments} ark:- | wav-to-duration ark:- ark,t:-", "u 0.25" },
        { "feat-to-dim ark:{feats} ark,t:-", "a 3 / b 3" },
        { "feat-to-len ark:{feats} ark,t:-", "a 3 / b 1" },
        { "feat-to-len ark:{feats}", "4" },
        { "modify-cmvn-stats --convert-to-mean-and-var=true ark:{stats} ark,t:-", "a [ / 2 3 / 1 1 ]" },
        { "modify-cmvn-stats 1 ark:{stats} ark,t:-", "a [ / 4 0 2 / 10 2 0 ]" },
        { "paste-feats ark:{feats} ark:{feats} ark,t:-", "a [ / 1 2 3 1 2 3 / 4 5 6 4 5 6 / 7 8 9 7 8 9 ] / b [ / 1 1 1 1 1 1 ]" },
        {
            "process-kaldi-pitch-feats --add-pov-feature=false --add-normalized-log-pitch=false --add-delta-pitch=false "
                + "--add-raw-log-pitch=true ark:{pitch} ark,t:-",
            "a [ / 4.60517 / 5.298317 / 5.298317 ]"
        },
        { "select-feats 0 ark:{feats} ark,t:-", "a [ / 1 / 4 / 7 ] / b [ / 1 ]" },
        { "select-feats 2-1,0 ark:{feats} ark,t:-", "a [ / 3 2 1 / 6 5 4 / 9 8 7 ] / b [ / 1 1 1 ]" },
        { "shift-feats --shift=1 ark:{feats} ark,t:-", "a [ / 1 2 3 / 1 2 3 / 4 5 6 ] / b [ / 1 1 1 ]" },
        { "shift-feats --shift=-2 ark:{feats} ark,t:-", "a [ / 7 8 9 / 7 8 9 / 7 8 9 ] / b [ / 1 1 1 ]" },
        {
            "splice-feats --left-context=0 --right-context=1 ark:{feats} ark,t:-",
            "a [ / 1 2 3 4 5 6 / 4 5 6 7 8 9 / 7 8 9 7 8 9 ] / b [ / 1 1 1 1 1 1 ]"
        },
        { "subsample-feats --n=2 ark:{feats} ark,t:-", "a [ / 1 2 3 / 7 8 9 ] / b [ / 1 1 1 ]" },
        { "subsample-feats --n=2 --offset=1 ark:{feats} ark,t:-", "a [ / 4 5 6 ]" },
        {
            "subsample-feats --n=-2 ark:{feats} ark,t:-",
            "a [ / 1 2 3 / 1 2 3 / 4 5 6 / 4 5 6 / 7 8 9 / 7 8 9 ] / b [ / 1 1 1 / 1 1 1 ]"
        },
        { "subset-feats --n=1 ark:{feats} ark,t:-", "a [ / 1 2 3 / 4 5 6 / 7 8 9 ]" },
        { "transform-feats {matrix} ark:{feats} ark,t:-", "a [ / 14 32 / 32 77 / 50 122 ] / b [ / 6 15 ]" },
        { "wav-copy scp:{scp} ark:- | wav-to-duration ark:- ark,t:-", "r 1" },
        { "wav-reverberate --duration=2 {wav} - | wav-to-duration scp:{stdin} ark,t:-", "r 2" },
        { "wav-to-duration --read-entire-file scp:{scp} ark,t:-", "r 1" },
        {
            "cmvn-to-nnet {global} -",
            "<Nnet> / <AddShift> 2 2 / <LearnRateCoef> 0 [ -1 -2 ] / <!EndOfComponent> / <Rescale> 2 2 / <LearnRateCoef> 0 [ 1 1 "
                + "] / <!EndOfComponent> / </Nnet>"
        },
        {
            "nnet-concat --binary=false {linear} {nnet} - | nnet-info -",
            "num-components 3 / input-dim 3 / output-dim 2 / number-of-parameters 1.7e-05 millions / component 1 : "
                + "<LinearTransform>, input-dim 3, output-dim 3, / linearity ( min 0, max 1, mean 0.333333, stddev 0.471404, skewness "
                + "0.707107, kurtosis -1.5 ) , lr-coef 1 / component 2 : <AffineTransform>, input-dim 3, output-dim 2, / linearity ( "
                + "min -1, max 1, mean 0.166667, stddev 0.687184, skewness -0.228269, kurtosis -0.892734 ) , lr-coef 1, max-norm 0 / "
                + "bias ( min 1, max 2, mean 1.5, stddev 0.5, skewness 0, kurtosis -2 ) , lr-coef 1 / component 3 : <Softmax>, "
                + "input-dim 2, output-dim 2,"
        },
        {
            "nnet-copy --binary=false --dropout-rate=0.25 --remove-last-components=1 {dropout} -",
            "<Nnet> / <Dropout> 2 2 / <DropoutRate> 0.25 <!EndOfComponent> / </Nnet>"
        },
        { "nnet-forward --no-softmax=true --num-threads=1 {nnet} ark:{feats} ark,t:-", "a [ / -1 4 / -1 7 / -1 10 ] / b [ / 1 3 ]" },
        {
            "nnet-info {dropout}",
            "num-components 2 / input-dim 2 / output-dim 2 / number-of-parameters 0 millions / component 1 : <Dropout>, "
                + "input-dim 2, output-dim 2, <DropoutRate> 0.5 / component 2 : <Sigmoid>, input-dim 2, output-dim 2,"
        },
        {
            "nnet-initialize --binary=false {proto} -",
            "<Nnet> / <AffineTransform> 2 3 / <LearnRateCoef> 1 <BiasLearnRateCoef> 1 <MaxNorm> 0 / [ / 0 -0 -0 / 0 0 0 ] / [ 1 "
                + "1 ] / <!EndOfComponent> / </Nnet>"
        },
        {
            "nnet-set-learnrate --binary=false --coef=0.5 {linear} -",
            "<Nnet> / <LinearTransform> 3 3 / <LearnRateCoef> 0.5 / [ / 1 0 0 / 0 1 0 / 0 0 1 ] / <!EndOfComponent> / </Nnet>"
        },
        {
            "nnet-train-frmshuff --use-gpu=no --num-threads=1 --minibatch-size=2 --learn-rate=0 ark:{feats} ark:{targets} {nnet} "
                + "{new} && nnet-copy --binary=false {new} -",
            "<Nnet> / <AffineTransform> 2 3 / <LearnRateCoef> 1 <BiasLearnRateCoef> 1 <MaxNorm> 0 / [ / 1 0 -1 / 0 1 0 ] / [ 1 2 "
                + "] / <!EndOfComponent> / <Softmax> 2 2 / <!EndOfComponent> / </Nnet>"
        },
        {
            "nnet-initialize {lstm} {lstm.nnet} && nnet-train-multistream --use-gpu=no --num-threads=1 --num-streams=1 "
                + "ark:{feats} ark:{targets} {lstm.nnet} {new}",
            "LOG: Done 2 files, 0 with no tgt_mats, 0 with other errors. [TRAINING, "
        },
        {
            "nnet-initialize {lstm} {lstm.nnet} && nnet-train-multistream-perutt --use-gpu=no --num-threads=1 ark:{feats} "
                + "ark:{targets} {lstm.nnet} {new}",
            "LOG: Done 1 files, 0 with no tgt_mats, 0 with other errors. [TRAINING, "
        },
        {
            "rbm-convert-to-nnet --binary=false {rbm} -",
            "<Nnet> / <AffineTransform> 1 2 / <LearnRateCoef> 1 <BiasLearnRateCoef> 1 <MaxNorm> 0 / [ / 1 2 ] / [ 5 ] / "
                + "<!EndOfComponent> / <Sigmoid> 1 1 / <!EndOfComponent> / </Nnet>"
        },
        {
            "transf-to-nnet {matrix} -",
            "<Nnet> / <LinearTransform> 2 3 / <LearnRateCoef> 1 / [ / 1 2 3 / 4 5 6 ] / <!EndOfComponent> / </Nnet>"
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Run_gives(string commands, string expected)
    {
        var run = Run(commands);

        Assert.True(run.Status == 0, run.Errors);
        if (expected.StartsWith(Log, StringComparison.Ordinal))
            Assert.Contains(expected[Log.Length..], run.Errors, StringComparison.Ordinal);
        else
            Assert.Equal(expected, Lines(Encoding.ASCII.GetString(run.Output)));
    }

    [Theory]
    [InlineData("select-feats 5 ark:{feats} ark:{new}", "expected columns from 0 to 2, got 5")]
    [InlineData("select-feats 1-x ark:{feats} ark:{new}", "Expected columns like")]
    [InlineData("subsample-feats --n=0 ark:{feats} ark:{new}", "--n=0")]
    [InlineData("subsample-feats --n=-1 --offset=1 ark:{feats} ark:{new}", "--offset=1")]
    [InlineData(
        "copy-feats --compress=true --compression-method=8 ark:{feats} ark:{new}",
        "--compression-method: expected 1 to 7, got 8")]
    [InlineData(
        "compute-vad --vad-proportion-threshold=1 ark:{feats} ark:{new}",
        "--vad-proportion-threshold: expected above 0 and below 1, got 1")]
    [InlineData("copy-matrix --apply-log=true --apply-exp=true ark:{feats} ark:{new}", "at most one")]
    [InlineData(
        "nnet-copy --remove-last-component=1 {nnet} {new}",
        "unknown option --remove-last-component; the nearest is --remove-last-components.")]
    [InlineData("nnet-concat {nnet} {nnet} {new}", "Component 3 (AffineTransform) takes 3 inputs, component 2 (Softmax) gives 2.")]
    [InlineData("add-deltas --delta-window=0 ark:{feats} ark:{new}", "--delta-window: expected 1 to 1000, got 0")]
    [InlineData("nnet-forward --use-gpu=maybe {nnet} ark:{feats} ark:{new}", "--use-gpu: expected yes, no or optional, got 'maybe'")]
    public void Run_with_a_fault_names_it_and_leaves_no_file(string command, string message)
    {
        var run = Run(command);

        Assert.Equal(255, run.Status);
        Assert.Contains($"ERROR ({command.Split(' ')[0]}) ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.At("new")));
    }

    // What reads or writes graphs and lattices as binary files has tests of its own.
    [Fact]
    public void Every_program_has_a_row_or_tests_of_its_own()
    {
        var commands = Rows.SelectMany(row => ((string)row[0]).Split([" | ", " && "], StringSplitOptions.None));
        var sources = new[]
        {
            "Fstbin/FstToolTests.cs", "Lmbin/Arpa2fstToolTests.cs", "Bin/LatgenToolTests.cs", "Latbin/LinearToNbestToolTests.cs",
            "Nnetbin/LatticeTrainingToolTests.cs", "Nnetbin/RbmTrainCd1FrmshuffToolTests.cs",
        }
            .Select(file => File.ReadAllText(Path.Combine(SharedData.Checkout, "tests/Mimir.KaldiTools.Tests", file)));
        var tested = string.Concat(sources);

        var without = KaldiToolbox.Tools.Select(tool => tool.Name).Except(commands.Select(command => command.Split(' ')[0]));

        Assert.DoesNotContain(without, name =>
            !tested.Contains($"\"{name}\"", StringComparison.Ordinal) && !tested.Contains($"\"{name} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_has_a_description_and_a_name_of_its_own()
    {
        foreach (var tool in KaldiToolbox.Tools)
        {
            var help = ToolRun.Of(tool.Name, "--help");
            var options = help.Errors.Split("Options:\n")[1].TrimEnd('\n').Split('\n');

            Assert.Equal(0, help.Status);
            Assert.All(options, option => Assert.Matches(@"^  --[\w-]+ *: [^ ].+\. \((bool|int|float|string), default = .*\)$", option));
            Assert.Equal(options.Length, options.Select(option => option.Split(':')[0]).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("copy-feat", "'copy-feat' is not among the Kaldi programs here; did you mean 'copy-feats'? 'mimir kaldi' lists them")]
    [InlineData("ivector-extract", "'ivector-extract' is not among the Kaldi programs here; 'mimir kaldi' lists them")]
    public void Find_of_another_program_names_the_nearest(string name, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => KaldiToolbox.Find(name)).Message);

    public void Dispose() => _folder.Dispose();

    // Lines with slashes between them, words with single spaces.
    private static string Lines(string text) => string.Join(
        " / ",
        text.TrimEnd('\n').Split('\n')
            .Select(line => string.Join(' ', line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))).Trim();

    private ToolRun Run(string commands)
    {
        foreach (var (name, text) in Folders().SelectMany(folder => folder.Files).Concat(Files))
            _folder.Write(name, Expand(text));

        SomeTransitionModel.Make(chain: false).Write(_folder.At("model"));
        SoundFile.WriteWav(_folder.At("wav"), [.. Enumerable.Range(0, 8000).Select(i => (short)(3000 * Math.Sin(i / 10.0)))], 8000);
        var run = new ToolRun(0, "", []);
        foreach (var pipeline in commands.Split(" && "))
        {
            run = run with { Output = [] };
            foreach (var command in pipeline.Split(" | "))
            {
                var words = Expand(command).Split(' ');
                run = ToolRun.Of(words[0], new MemoryStream(run.Output), words[1..]);
                if (run.Status != 0)
                    return run;
            }
        }

        return run;
    }

    // Each folder has a file of this class with its rows.
    private static IEnumerable<ToolRows> Folders() => typeof(KaldiToolboxTests)
        .GetFields(BindingFlags.Static | BindingFlags.NonPublic).Where(field => field.FieldType == typeof(ToolRows))
        .Select(field => (ToolRows)field.GetValue(null)!);

    private string Expand(string text) => Name().Replace(text, match => _folder.At(match.Groups[1].Value));

    [GeneratedRegex(@"\{([\w./]+)\}")]
    private static partial Regex Name();
}

/// <summary>Rows of the programs of a folder.</summary>
/// <param name="Files">The files that the rows read, by name, beside those of all folders.</param>
/// <param name="Rows">Command lines and their output.</param>
internal sealed record ToolRows(Dictionary<string, string> Files, TheoryData<string, string> Rows);
