using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Models;
using Mimir.Core.Native;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Blocks;

/// <summary>Modules of the user's own in a graph; their gradients are tested with those of all blocks.</summary>
[Collection("threads")]
public sealed class ModuleTests : IDisposable
{
    private const int Dim = 5, Classes = 4, Frames = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-modules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Its_parameters_are_those_of_the_graph_and_only_matrices_decay()
    {
        using var graph = Graph(SomeModules.Spec("Normed", ("outputs", "4")));

        Assert.Equal(
            ["node0._linear.weight", "node0._linear.bias", "node0._norm.weight", "node0._norm.bias", "node0._norm.running_mean",
                "node0._norm.running_var"],
            graph.Parameters.Slices.Select(slice => slice.Name));
        Assert.Equal([1, 0, 0, 0, 0, 0], graph.Parameters.Slices.Select(slice => slice.DecayFactor));
        Assert.Equal([true, true, true, true, false, false], graph.Parameters.Slices.Select(slice => slice.IsTrained));
        graph.Initialise(1);
        Assert.All(graph.Parameters.ValueOf(5).ToArray(), value => Assert.Equal(1, value));
        Assert.Contains(graph.Parameters.ValueOf(0).ToArray(), value => value != 0);
    }

    [Fact]
    public void Tied_parameters_are_one_and_fixed_ones_stay()
    {
        using var graph = Graph(SomeModules.Spec("Tied"), Some.Affine(Classes));
        graph.Initialise(1);
        var before = Weights(graph);

        Train(graph, new SgdOptions { Rate = 0.1, Momentum = 0.5, WeightDecay = 0.01 }, steps: 3);

        var after = Weights(graph);
        Assert.Equal(8, before.Count);
        Assert.All(before, weight => Assert.Equal(
            weight.Key.Contains("_fixed", StringComparison.Ordinal) || weight.Key == "node0._unused.bias",
            weight.Value.SequenceEqual(after[weight.Key])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.9)]
    public void Steps_lower_the_loss(double momentum)
    {
        using var graph = Graph(SomeModules.Spec("Gated", ("output-dim", "8")), SomeModules.Spec("Gated", ("output-dim", "4")));
        graph.Initialise(1);
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);
        var before = Loss(graph, table);

        Train(graph, new SgdOptions { Rate = 0.05, Momentum = momentum }, steps: 40);

        Assert.InRange(Loss(graph, table), 0, 0.8 * before);
    }

    [Fact]
    public void Fused_steps_move_it_as_plain_ones_do()
    {
        BlockSpec[] blocks = [SomeModules.Spec("Gated", ("output-dim", "8"), ("dropout", "0.2")), Some.Affine(Classes)];
        using var plain = Graph(blocks);
        using var fused = Graph(blocks);
        plain.Initialise(3);
        fused.Initialise(3);
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);

        Train(plain, new SgdOptions { Rate = 0.1 }, steps: 1);
        CrossEntropy.Evaluate(
            fused.Forward(table, Some.Rows(Frames), PassMode.Train), Some.Targets(Frames, Classes), [], fused.OutputGradient);
        fused.Backward(fused.OutputGradient, 0.1);

        Assert.All(
            plain.Parameters.Values.ToArray().Zip(fused.Parameters.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 5e-6));
    }

    [Fact]
    public void The_same_seeds_give_the_same_values_and_the_same_dropout()
    {
        BlockSpec[] blocks = [SomeModules.Spec("Gated", ("output-dim", "8"), ("dropout", "0.5")), Some.Affine(Classes)];

        Assert.Equal(Trained(1, 1), Trained(1, 1));
        Assert.NotEqual(Trained(1, 1), Trained(1, 2));
        Assert.NotEqual(Trained(1, 1), Trained(2, 1));

        float[] Trained(ulong initial, ulong dropout)
        {
            using var graph = Graph(blocks);
            graph.Initialise(initial);
            graph.Seed = dropout;
            Train(graph, new SgdOptions { Rate = 0.1 }, steps: 3);
            return graph.Parameters.Values.ToArray();
        }
    }

    [Fact]
    public void Networks_of_several_threads_do_not_disturb_each_other()
    {
        BlockSpec[] blocks = [SomeModules.Spec("Gated", ("output-dim", "64"), ("dropout", "0.5")), Some.Affine(Classes)];
        var alone = Trained();

        var together = new float[4][];
        Parallel.For(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => together[i] = Trained());

        Assert.All(together, values => Assert.Equal(alone, values));

        float[] Trained()
        {
            using var graph = Graph(blocks);
            graph.Initialise(1);
            Train(graph, new SgdOptions { Rate = 0.1 }, steps: 50);
            return graph.Parameters.Values.ToArray();
        }
    }

    [Fact]
    public void Running_averages_travel_in_the_model_folder()
    {
        var path = Path.Combine(_folder, "model");
        using var graph = Graph(SomeModules.Spec("Normed", ("outputs", "6")), Some.Affine(Classes));
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);
        graph.Initialise(1);
        Train(graph, new SgdOptions { Rate = 0.1 }, steps: 3);
        Assert.Contains(Weights(graph)["node0._norm.running_mean"], value => value != 0);
        ModelFolder.Save(path, graph);

        using var again = ModelFolder.Load(path, Device.Cpu);

        Assert.Equal(
            graph.Posteriors(table, Some.Rows(Frames)).ToArray(), again.Posteriors(table, Some.Rows(Frames)).ToArray());
        Assert.Equal(graph.Parameters.Values.ToArray(), again.Parameters.Values.ToArray());
    }

    [Fact]
    public void Evaluation_has_no_dropout_and_leaves_no_tape()
    {
        using var graph = Graph(SomeModules.Spec("Gated", ("output-dim", "4"), ("dropout", "0.5")));
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);
        graph.Initialise(1);

        var first = graph.Forward(table, Some.Rows(Frames), PassMode.Evaluate).ToArray();
        var trained = graph.Forward(table, Some.Rows(Frames), PassMode.Train).ToArray();
        var second = graph.Forward(table, Some.Rows(Frames), PassMode.Evaluate);

        Assert.Equal(first, second.ToArray());
        Assert.NotEqual(first, trained);
        Assert.False(second.requires_grad);
        Assert.Throws<InvalidOperationException>(() => graph.Backward(graph.OutputGradient));
    }

    [Fact]
    public void A_module_that_autograd_cannot_follow_gives_no_gradient()
    {
        using var graph = Graph(Some.Affine(6), SomeModules.Spec("Detached"), Some.Affine(Classes));
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);
        graph.Initialise(1);

        Train(graph, new SgdOptions { Rate = 0.1 }, steps: 2);

        Assert.All(graph.Parameters.GradientOf(0).ToArray(), value => Assert.Equal(0, value));
        Assert.Contains(graph.Parameters.GradientOf(2).ToArray(), value => value != 0);
    }

    [Fact]
    public void A_fixed_number_of_threads_is_lent_to_libtorch_during_the_calls()
    {
        Threads.Count = 3;
        try
        {
            Assert.Equal(Kernels.Available ? 1 : 3, TorchSharp.torch.get_num_threads());
            using (Threads.LendToTorch())
                Assert.Equal(3, TorchSharp.torch.get_num_threads());
            Assert.Equal(Kernels.Available ? 1 : 3, TorchSharp.torch.get_num_threads());

            Threads.Choose(3);
            using (Threads.LendToTorch())
                Assert.Equal(Kernels.Available ? 1 : 3, TorchSharp.torch.get_num_threads());
        }
        finally
        {
            Threads.Count = 1;
        }
    }

    [Theory]
    [InlineData("Gate", "output-dim=4", "are an nn.Module<Tensor, Tensor>; the nearest of its classes is 'Gated'")]
    [InlineData("TwoWays", "", "exactly one public constructor")]
    [InlineData("Gated", "output-dims=4", "unknown option 'output-dims'; the nearest of its options is 'output-dim'")]
    [InlineData("Gated", "", "the option 'output-dim' is missing")]
    [InlineData("Gated", "output-dim=many", "option 'output-dim': expected a whole number, got 'many'")]
    [InlineData("Gated", "output-dim=4 dropout=half", "option 'dropout': expected a number, got 'half'")]
    [InlineData("Failing", "early=maybe", "option 'early': expected true or false, got 'maybe'")]
    [InlineData("Failing", "early=false day=someday", "option 'day': expected one of Sunday, Monday")]
    [InlineData("Failing", "early=true", "the constructor failed: not on this day")]
    [InlineData("Failing", "early=false", "the module failed: ")]
    [InlineData("Gated", "output-dim=4 dropout=2", "the module failed: dropout")]
    [InlineData("Doubled", "scale=2", "unknown option 'scale'; it has no options")]
    public void Build_of_what_does_not_fit_is_one_clear_line(string type, string options, string expected)
    {
        var spec = SomeModules.Spec(
            type, [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('='))
                .Select(pair => (pair[0], pair[1]))]);

        var error = Assert.Throws<InputException>(() => Graph(spec));

        Assert.StartsWith($"module {type} of {spec.Assembly}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void An_output_of_another_shape_than_the_input_is_refused_in_the_pass()
    {
        using var graph = Graph(SomeModules.Spec("Pooled"));
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);

        var error = Assert.Throws<InputException>(() => graph.Forward(table, Some.Rows(Frames), PassMode.Evaluate));

        Assert.Contains("expected an output of [12, 5], got [1, 5]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_assembly_is_named()
    {
        var missing = Path.Combine(_folder, "none.dll");
        var text = Path.Combine(_folder, "text.dll");
        File.WriteAllText(text, "text");
        var options = new Dictionary<string, string>();

        Assert.Equal(
            $"module Gated of {missing}: there is no such file, and no none.dll in the current folder",
            Assert.Throws<InputException>(() => Graph(new ModuleSpec("Gated", missing, options))).Message);
        Assert.StartsWith(
            $"module Gated of {text}: the assembly cannot be loaded: ",
            Assert.Throws<InputException>(() => Graph(new ModuleSpec("Gated", text, options))).Message, StringComparison.Ordinal);
    }

    private static LayerGraph Graph(params BlockSpec[] blocks) => new(Some.Graph(Dim, blocks), Device.Cpu);

    private static Dictionary<string, float[]> Weights(LayerGraph graph) =>
        ModelFolder.Weights(graph).ToDictionary(weight => weight.Key, weight => weight.Value.Values);

    private static void Train(LayerGraph graph, SgdOptions options, int steps)
    {
        using var table = Some.Table(Dim, ScalarType.Float32, Frames);
        using var optimiser = new Sgd(options);
        for (var i = 0; i < steps; i++)
        {
            CrossEntropy.Evaluate(
                graph.Forward(table, Some.Rows(Frames), PassMode.Train), Some.Targets(Frames, Classes), [], graph.OutputGradient);
            graph.Backward(graph.OutputGradient);
            optimiser.Step(graph.Parameters, options.Rate, Frames);
        }
    }

    private static double Loss(LayerGraph graph, FrameTable table) => CrossEntropy.Evaluate(
        graph.Forward(table, Some.Rows(Frames), PassMode.Evaluate), Some.Targets(Frames, Classes), [], null).Loss;
}
