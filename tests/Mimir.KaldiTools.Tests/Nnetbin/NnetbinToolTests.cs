using System.Text;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>The programs that make and change networks, against Kaldi's own output where it is at hand.</summary>
public sealed class NnetbinToolTests(ITestOutputHelper console) : IDisposable
{
    private const string Layers =
        "<Nnet> <AffineTransform> 2 3 [ 1 2 3 ; 4 5 6 ] [ 1 2 ] <Sigmoid> 2 2 <Dropout> 2 2 <DropoutRate> 0.5 "
        + "<AffineTransform> 1 2 [ 1 2 ] [ 3 ] </Nnet>";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("Sigmoid.proto", "Sigmoid.init.nnet", 777)]
    [InlineData("Tanh.proto", "Tanh.init.nnet", 777)]
    [InlineData("lstm.proto", "lstm.init.nnet.gz", 777)]
    [InlineData("splice.proto", "splice.nnet", 777)]
    public void Nnet_initialize_gives_the_bytes_of_Kaldis_network(string proto, string golden, int seed)
    {
        var run = ToolRun.Of("nnet-initialize", "--binary=false", $"--seed={seed}", Golden(proto), _folder.At("n"));

        Assert.Equal(0, run.Status);
        AssertSameText(Golden(golden), _folder.At("n"));
        Same("nnet-initialize", golden);
    }

    [SharedDataFact]
    public void Cmvn_to_nnet_and_nnet_concat_give_the_bytes_of_Kaldis_feature_transform()
    {
        Succeeds("nnet-initialize", "--binary=false", Golden("splice.proto"), _folder.At("splice"));
        Succeeds("cmvn-to-nnet", Golden("cmvn-g.stats"), _folder.At("cmvn"));
        Succeeds("nnet-concat", "--binary=false", _folder.At("splice"), _folder.At("cmvn"), _folder.At("transf"));

        AssertSameText(Golden("transf.nnet"), _folder.At("transf"));
        Same("cmvn-to-nnet, nnet-concat", "transf.nnet");
    }

    [SharedDataFact]
    public void Chain_from_features_to_feature_transform_ends_in_Kaldis_digits()
    {
        // What nnet-forward gives for splice.nnet.
        Succeeds("splice-feats", "--left-context=2", "--right-context=2", $"ark:{Golden("feats.ark")}", $"ark:{_folder.At("spliced")}");
        Succeeds("compute-cmvn-stats", $"ark:{_folder.At("spliced")}", _folder.At("stats"));
        Succeeds("cmvn-to-nnet", _folder.At("stats"), _folder.At("cmvn"));
        Succeeds("nnet-concat", "--binary=false", Golden("splice.nnet"), _folder.At("cmvn"), _folder.At("transf"));

        Assert.Equal(File.ReadAllBytes(Golden("cmvn-g.stats")), File.ReadAllBytes(_folder.At("stats")));
        AssertSameText(Golden("transf.nnet"), _folder.At("transf"));
    }

    [SharedDataFact]
    public void Nnet_copy_gives_Kaldis_bytes()
    {
        Succeeds("nnet-copy", "--binary=true", Golden("Sigmoid.lr008.nnet"), _folder.At("n"));

        Assert.Equal(File.ReadAllBytes(Golden("Sigmoid.lr008.bin.nnet")), File.ReadAllBytes(_folder.At("n")));
        Same("nnet-copy", "Sigmoid.lr008.bin.nnet");
    }

    [SharedDataTheory]
    [InlineData("nnet1_steps/Sigmoid.lr008.nnet", "nnet1_steps/Sigmoid.lr008.info")]
    [InlineData("exp/dnn3x512/final.nnet", "exp/dnn3x512/nnet-info.txt")]
    public void Nnet_info_prints_what_Kaldi_prints(string network, string info)
    {
        var run = ToolRun.Of("nnet-info", SharedData.At($"goldens/kaldi/{network}"));

        Assert.Equal(0, run.Status);
        Assert.Equal(File.ReadAllText(SharedData.At($"goldens/kaldi/{info}")), Encoding.UTF8.GetString(run.Output));
        KaldiAgreement.Record(console.WriteLine, "nnet-info", $"goldens/kaldi/{info}", 1, 0, 0, "the same bytes");
    }

    [Theory]
    [InlineData("--remove-last-components=1", "AffineTransform Sigmoid Dropout")]
    [InlineData("--remove-last-layers=3", "AffineTransform")]
    [InlineData("--remove-first-layers=3", "AffineTransform")]
    [InlineData("--remove-first-components=1 --remove-last-components=2", "Sigmoid")]
    public void Nnet_copy_removes_components(string options, string names)
    {
        Succeeds("nnet-copy", [.. options.Split(' '), _folder.Write("n", Layers), _folder.At("m")]);

        Assert.Equal(names, string.Join(' ', Nnet1File.Read(_folder.At("m")).Components.Select(component => component.Name)));
    }

    [Theory]
    [InlineData("2", "Tanh")]
    [InlineData("2:1", "Sigmoid")]
    public void Nnet_copy_takes_a_network_out_of_a_parallel_component(string option, string name)
    {
        var source = _folder.Write(
            "n",
            "<Nnet> <Sigmoid> 4 4 <ParallelComponent> 4 4 <NestedNnetCount> 2 <NestedNnet> 1 <Nnet> <Sigmoid> 2 2 </Nnet> "
            + "<NestedNnet> 2 <Nnet> <Tanh> 2 2 </Nnet> </ParallelComponent> </Nnet>");

        Succeeds("nnet-copy", $"--from-parallel-component={option}", source, _folder.At("m"));
        var missing = ToolRun.Of("nnet-copy", "--from-parallel-component=3", source, _folder.At("k"));

        Assert.Equal(name, Assert.Single(Nnet1File.Read(_folder.At("m")).Components).Name);
        Assert.Equal(255, missing.Status);
        Assert.False(File.Exists(_folder.At("k")));
    }

    [Fact]
    public void Nnet_copy_sets_the_dropout_rate_and_says_so()
    {
        var run = ToolRun.Of("nnet-copy", "--dropout-rate=0.125", _folder.Write("n", Layers), _folder.At("m"));

        Assert.Contains("Setting dropout-rate in component 2 from 0.5 to 0.125", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0.125f, Nnet1File.Read(_folder.At("m")).Components.OfType<Dropout>().Single().Rate);
    }

    [Fact]
    public void Nnet_set_learnrate_sets_the_chosen_components()
    {
        Succeeds("nnet-set-learnrate", "--components=1", "--coef=0.5", "--bias-coef=0.5", _folder.Write("n", Layers), _folder.At("m"));
        var wrong = ToolRun.Of("nnet-set-learnrate", "--components=1:9", _folder.At("n"), _folder.At("k"));

        var layers = Nnet1File.Read(_folder.At("m")).Components.OfType<AffineTransform>();
        var rates = layers.Select(layer => (layer.LearnRateCoef, layer.BiasLearnRateCoef));
        Assert.Equal([(0.5f, 0.25f), (1f, 1f)], rates);
        Assert.Contains("from 1 to 4, got '9'", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Transf_to_nnet_and_rbm_convert_to_nnet_make_layers()
    {
        Succeeds("transf-to-nnet", _folder.Write("mat", " [\n 1 2 3\n 4 5 6 ]\n"), _folder.At("linear"));
        Succeeds(
            "rbm-convert-to-nnet", "--binary=false", _folder.Write("rbm", "<Nnet> <Rbm> 1 2 gauss bern [ 1 2 ] [ 3 4 ] [ 5 ] </Nnet>"),
            _folder.At("layer"));

        Assert.Equal(
            "<Nnet> \n<LinearTransform> 2 3 \n<LearnRateCoef> 1 \n [\n  1 2 3 \n  4 5 6 ]\n<!EndOfComponent> \n</Nnet> \n",
            File.ReadAllText(_folder.At("linear")));
        Assert.Equal(["AffineTransform", "Sigmoid"], Nnet1File.Read(_folder.At("layer")).Components.Select(component => component.Name));
    }

    [Fact]
    public void Components_without_a_frame_around_them_are_read_as_rbm_convert_to_nnet_of_Kaldi_writes_them()
    {
        var bare = _folder.Write("bare", "<AffineTransform> 1 2 \n [\n  1 2 ]\n [ 5 ]\n<Sigmoid> 1 1 \n");

        Succeeds("nnet-concat", "--binary=false", bare, _folder.Write("n", "<Nnet> <Tanh> 1 1 </Nnet>"), _folder.At("m"));

        Assert.Equal(
            ["AffineTransform", "Sigmoid", "Tanh"], Nnet1File.Read(_folder.At("m")).Components.Select(component => component.Name));
    }

    [Fact]
    public void Cmvn_to_nnet_floors_a_variance_and_refuses_statistics_of_nothing()
    {
        var run = ToolRun.Of(
            "cmvn-to-nnet", "--std-dev=2", "--learn-rate-coef=0.5", _folder.Write("s", " [ 4 8 4\n 8 16 0 ]\n"), _folder.At("n"));
        var nothing = ToolRun.Of("cmvn-to-nnet", _folder.Write("e", " [ 0 0 0\n 0 0 0 ]\n"), _folder.At("m"));

        var components = Nnet1File.Read(_folder.At("n")).Components;
        Assert.Contains("flooring to 1e-10", run.Errors, StringComparison.Ordinal);
        Assert.Equal([-1, -2], ((AddShift)components[0]).Shift);
        Assert.Equal([2, 200000], ((Rescale)components[1]).Scale.Select(value => MathF.Round(value)));
        Assert.Equal(255, nothing.Status);
    }

    [Fact]
    public void Networks_pass_through_standard_streams()
    {
        using var input = new MemoryStream(Encoding.ASCII.GetBytes(Layers));

        var run = ToolRun.Of("nnet-copy", input, "--binary=false", "-", "-");

        Assert.StartsWith(
            "<Nnet> \n<AffineTransform> 2 3 \n<LearnRateCoef> 1 ", Encoding.ASCII.GetString(run.Output), StringComparison.Ordinal);
    }

    private static string Golden(string name) => SharedData.At($"goldens/kaldi/nnet1_steps/{name}");

    private static void Succeeds(string tool, params string[] arguments)
    {
        var run = ToolRun.Of(tool, arguments);
        Assert.True(run.Status == 0, run.Errors);
    }

    private static void AssertSameText(string golden, string actual)
    {
        using var reader = new StreamReader(KaldiInput.Open(golden));
        Assert.Equal(reader.ReadToEnd(), File.ReadAllText(actual));
    }

    private void Same(string tool, string golden) =>
        KaldiAgreement.Record(console.WriteLine, tool, $"goldens/kaldi/nnet1_steps/{golden}", 1, 0, 0, "the same bytes");
}
