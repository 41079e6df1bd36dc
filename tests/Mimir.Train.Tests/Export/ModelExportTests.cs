using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Evaluation;
using Mimir.Train.Export;
using Mimir.Train.Runs;
using Xunit.Abstractions;

namespace Mimir.Train.Tests.Export;

public sealed class ModelExportTests(ITestOutputHelper console) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SomeNetwork.Names), MemberType = typeof(SomeNetwork))]
    public void Network_for_Kaldi_computes_the_same(string layers)
    {
        using var graph = SomeNetwork.Make(layers);
        var posteriors = SomeNetwork.Posteriors(graph, SomeNetwork.Frames());
        ModelFolder.Save(At("model"), graph);

        ModelExport.Run(Options("binary.nnet"));
        ModelExport.Run(Options("net.txt") with { Text = true, FeatureTransform = At("transform.txt") });

        var whole = SomeNetwork.Largest(posteriors, Again("binary.nnet"));
        var split = SomeNetwork.Largest(posteriors, Again("transform.txt", "net.txt"));
        console.WriteLine($"{layers}: binary {whole}, text in two files {split}");
        Assert.True(whole < 2e-6 && split < 2e-6, $"{whole} {split}");
        Assert.Equal(["Splice", "AddShift", "Rescale"], Nnet1File.Read(At("transform.txt")).Components.Select(component => component.Name));
    }

    [Theory]
    [InlineData("relu norm", "AffineTransform ParametricRelu AffineTransform Softmax")]
    [InlineData("none norm relu", "AffineTransform AffineTransform ParametricRelu AffineTransform Softmax")]
    [InlineData("norm sigmoid", "AffineTransform Sigmoid AffineTransform Softmax")]
    [InlineData("relu norm dropout tanh",
        "AffineTransform ParametricRelu Rescale AddShift Dropout AffineTransform Tanh AffineTransform Softmax")]
    public void Batch_normalisation_becomes_part_of_its_neighbour(string layers, string names)
    {
        using var graph = SomeNetwork.Make(layers);

        var components = Nnet1Export.Translate(graph.Spec, ModelFolder.Weights(graph), "m");

        Assert.Equal($"Splice AddShift Rescale {names}", string.Join(' ', components.Select(component => component.Name)));
        Assert.Equal(0.1f, components.OfType<AffineTransform>().Last().BiasLearnRateCoef);
    }

    [Fact]
    public void Folder_for_Kaldi_has_what_its_recipes_look_for_and_comes_back()
    {
        using var graph = SomeNetwork.Make("sigmoid");
        using var toy = new Runs.ToyKaldi();
        new TrainedModel(At("model")).Save(
            graph, [], new PdfCounts([1.5, 2, 3, 4, 5]), TransitionModel.Read(toy.At("final.mdl")), cmvn: null);
        File.WriteAllText(At("recipe.yaml"), toy.Recipe("x"));

        var written = ModelExport.Run(Options("kaldi/"));
        ModelImport.Run([At("kaldi")], At("again"));
        ModelExport.Run(Options("twice/") with { Sources = [At("again")] });

        Assert.Equal(
            ["final.feature_transform", "ali_train_pdf.counts", "final.mdl", "cmvn_opts", "final.nnet"],
                written.Select(file => Path.GetFileName(file)));
        Assert.Equal("--norm-means=true --norm-vars=true\n", File.ReadAllText(At("kaldi/cmvn_opts")));
        Assert.Equal([1.5, 2, 3, 4, 5], PdfCounts.Read(At("kaldi/ali_train_pdf.counts")).Values);
        foreach (var file in new[] { "final.feature_transform", "final.nnet", "final.mdl", "ali_train_pdf.counts" })
            Assert.Equal(File.ReadAllBytes(At($"kaldi/{file}")), File.ReadAllBytes(At($"twice/{file}")));
    }

    [Fact]
    public void Graph_with_branches_or_damaged_parameters_is_refused()
    {
        var branches = new GraphSpec(2,
        [
            new("a", new AffineSpec { OutputDim = 2 }), new("b", new AffineSpec { OutputDim = 2 }, ["input"]),
                new("sum", new SumSpec(), ["a", "b"]),
        ]);
        using var graph = SomeNetwork.Make("sigmoid");
        var weights = ModelFolder.Weights(graph).ToDictionary();
        weights["output.bias"].Values[1] = float.NaN;

        var ofA = new Dictionary<string, HostTensor> { ["a.weight"] = new([2, 2], new float[4]), ["a.bias"] = new([2], new float[2]) };

        var branch = Assert.Throws<InputException>(() => Nnet1Export.Translate(branches, ofA, "m"));
        var nan = Assert.Throws<InputException>(() => Nnet1Export.Translate(graph.Spec, weights, "m"));

        Assert.Contains("node 'b' takes input; a network of nnet1 is one chain", branch.Message, StringComparison.Ordinal);
        Assert.Contains("finite weights 'output.bias'", nan.Message, StringComparison.Ordinal);
    }

    public static TheoryData<BlockSpec> WithoutCounterpart =>
    [
        new TdnnSpec { OutputDim = 2, Offsets = [-1, 0] },
        new DfsmnMemorySpec { Left = 1, Right = 1 },
        new ConvolutionSpec { Height = 2, Filters = 2, TimeOffsets = [0], KernelHeight = 1 },
        new MaxPoolSpec { Height = 2, TimeOffsets = [0], KernelHeight = 1, Stride = 1 },
        new LcBlstmSpec(new LstmSpec(2), 2, 1),
        new LayerNormSpec(),
        new SumSpec { Scales = [0.5f] },
    ];

    [Theory]
    [MemberData(nameof(WithoutCounterpart))]
    public void Block_without_a_counterpart_is_refused_by_the_name_of_its_node(BlockSpec block)
    {
        using var graph = new LayerGraph(new GraphSpec(2, [new("first", new AffineSpec { OutputDim = 2 }), new("odd", block)]), Device.Cpu);

        var error = Assert.Throws<InputException>(() => Nnet1Export.Translate(graph.Spec, ModelFolder.Weights(graph), "m"));

        Assert.StartsWith("m: node 'odd' (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_refuses_a_folder_of_something_else_and_counts_of_another_network()
    {
        using var graph = SomeNetwork.Make("sigmoid");
        ModelFolder.Save(At("model"), graph);
        ModelExport.Run(Options("n"));
        Directory.CreateDirectory(At("home"));
        File.WriteAllText(At("home/thesis"), "years of work");
        new PdfCounts([1, 2]).Write(At("counts"));

        var home = Assert.Throws<IOException>(() => ModelImport.Run([At("n")], At("home")));
        var counts = Assert.Throws<InputException>(() => ModelImport.Run([At("n")], At("m"), At("counts")));

        Assert.Contains("(thesis)", home.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(At("home/thesis")));
        Assert.Contains("counts of 5 classes", counts.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("m")));
    }

    [Fact]
    public void Import_of_a_rectifier_and_a_linear_transform_computes_them()
    {
        File.WriteAllText(
            At("n"), "<Nnet> <LinearTransform> 2 2 [ 1 0 ; 0 -1 ] <ParametricRelu> 2 2 [ 1 1 ] [ 0 0 ] "
            + "<AffineTransform> 2 2 [ 1 1 ; 0 0 ] [ 0 0 ] <Softmax> 2 2 </Nnet>");

        using var graph = Nnet1Import.Read(Device.Cpu, At("n"));

        var odds = SomeNetwork.Posteriors(graph, [1, 1, 1, -2], 2);
        Assert.Equal([MathF.Exp(1), MathF.Exp(3)], new[] { odds[0] / odds[1], odds[2] / odds[3] }, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private ExportOptions Options(string output) =>
        new() { Sources = [At("model")], Format = ExportFormat.KaldiNnet1, Output = At(output) };

    private float[] Again(params string[] files)
    {
        using var graph = Nnet1Import.Read(Device.Cpu, Array.ConvertAll(files, At));
        return SomeNetwork.Posteriors(graph, SomeNetwork.Frames());
    }

    private string At(string name) => Path.Combine(_folder, name);
}
