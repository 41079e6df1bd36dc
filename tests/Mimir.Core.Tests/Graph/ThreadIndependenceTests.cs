using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Graph;

/// <summary>A few steps of training give the same parameters to the bit, whatever the number of threads.</summary>
[Collection("threads")]
public sealed class ThreadIndependenceTests : IDisposable
{
    private const int InputDim = 93, Classes = 301;
    private static readonly int[] Lengths = [61, 60, 47, 33, 20, 9, 3];

    public static TheoryData<string, BlockSpec[]> Networks => new()
    {
        { "DNN", [Some.Affine(517, Activation.Sigmoid), Some.Affine(640, Activation.Relu), Some.Affine(Classes)] },
        { "batch norm, dropout", [Some.Affine(517), new BatchNormSpec(), new DropoutSpec(0.3f), Some.Affine(Classes)] },
        { "layer norm, p-relu", [Some.Affine(517), new LayerNormSpec(), new ParametricReluSpec(), Some.Affine(Classes)] },
        { "LSTM", [new LstmSpec(150) { Projection = 70 }, new LstmSpec(130) { Peepholes = false }, Some.Affine(Classes)] },
        { "BLSTM", [new BlstmSpec(150) { Projection = 70 }, new BlstmSpec(90), Some.Affine(Classes)] },
        { "GRU", [new GruSpec(150), Some.Affine(Classes)] },
        {
            "TDNN-F",
            [
                Some.Tdnn(380, -1, 0, 1),
                Some.Tdnn(96, -3, 0) with { Orthonormal = -1, HasBias = false },
                Some.Tdnn(380, 0, 3) with { Activation = Activation.Relu },
                new BatchNormSpec(),
                Some.Affine(Classes),
            ]
        },
        { "DFSMN", [Some.Affine(200), new DfsmnMemorySpec { Left = 3, Right = 2 }, Some.Affine(Classes)] },
        {
            "convolution",
            [Some.Convolution(31, 20, -1, 0, 1), new MaxPoolSpec { Height = 30, KernelHeight = 2, Stride = 2 }, Some.Affine(Classes)]
        },
    };

    public void Dispose() => Threads.Count = 1;

    [KernelTheory]
    [MemberData(nameof(Networks))]
    public void Training_gives_the_same_bits_with_1_to_4_threads(string name, BlockSpec[] blocks)
    {
        var expected = Train(blocks, threads: 1);

        foreach (var threads in new[] { 2, 3, 4 })
        {
            var actual = Train(blocks, threads);
            var differing = Enumerable.Range(0, expected.Length).Count(i => !expected[i].Equals(actual[i]));
            Assert.True(differing == 0, $"{name} with {threads} threads: {differing} of {expected.Length} parameters differ");
        }
    }

    private static float[] Train(BlockSpec[] blocks, int threads)
    {
        Threads.Count = threads;
        using var graph = new LayerGraph(Some.Graph(InputDim, blocks), Device.Cpu) { Seed = 11 };
        using var table = Some.Table(InputDim, ScalarType.Float32, Lengths);
        var optimiser = new Sgd(new SgdOptions { Momentum = 0.9 });
        graph.Initialise(seed: 4);
        var (rows, layout) = Some.Packed(Lengths);
        var targets = Some.Targets(rows.Length, Classes);
        for (var step = 0; step < 3; step++)
        {
            var logits = graph.Forward(table, rows, PassMode.Train, layout);
            var loss = CrossEntropy.Evaluate(logits, targets, [], graph.OutputGradient);
            Assert.True(loss.IsFinite);
            graph.Backward(graph.OutputGradient);
            optimiser.Step(graph.Parameters, 1e-4, rows.Length);
            graph.Constrain();
        }

        optimiser.Dispose();
        return graph.Parameters.Values.ToArray();
    }
}
