using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;
using Mimir.Core.Tests.Native;

namespace Mimir.Core.Tests.Blocks;

/// <summary>The fast CPU route of recurrent layers against the reference, at sizes that fill no vector, and at 1 to 3 threads.</summary>
[Collection("threads")]
public sealed class RecurrentFastRouteTests
{
    private const int Dim = 9;

    public static TheoryData<string, int, int, bool, bool> Options()
    {
        var data = new TheoryData<string, int, int, bool, bool>();
        foreach (var (kind, cells, projection) in new[]
        {
            ("lstm", 13, 0), ("lstm", 13, 7), ("lstm", 1, 0), ("lstm", 48, 24), ("lstm", 70, 33), ("blstm", 13, 0), ("blstm", 40, 24),
        })
        {
            data.Add(kind, cells, projection, true, false);
            data.Add(kind, cells, projection, false, false);
            data.Add(kind, cells, projection, true, true);
        }

        foreach (var cells in new[] { 1, 13, 48 })
            data.Add("gru", cells, 0, false, false);
        return data;
    }

    [KernelTheory]
    [MemberData(nameof(Options))]
    public void Pass_on_the_fast_route_equals_the_reference(string kind, int cells, int projection, bool peepholes, bool clips)
    {
        var spec = Spec(kind, cells, projection, peepholes, clips);
        foreach (var layouts in Batches())
        {
            var reference = Pass(spec, layouts, threads: 1, useReference: true);
            foreach (var threads in new[] { 1, 2, 3 })
            {
                var fast = Pass(spec, layouts, threads, useReference: false);

                AssertClose(reference.Outputs, fast.Outputs, 1e-5f);
                AssertClose(reference.States, fast.States, 1e-5f);
                AssertClose(reference.Gradients, fast.Gradients, 2e-5f);
            }
        }
    }

    [KernelTheory]
    [InlineData("lstm", 48, 24)]
    [InlineData("blstm", 70, 0)]
    [InlineData("gru", 70, 0)]
    public void Pass_gives_the_same_bits_at_any_number_of_threads(string kind, int cells, int projection)
    {
        var spec = Spec(kind, cells, projection, peepholes: true, clips: false);
        foreach (var layouts in Batches())
        {
            var alone = Pass(spec, layouts, threads: 1, useReference: false, below: []);
            foreach (var threads in new[] { 2, 2, 3 })
            {
                var together = Pass(spec, layouts, threads, useReference: false, below: []);

                Assert.Equal(alone.Outputs, together.Outputs);
                Assert.Equal(alone.States, together.States);
                Assert.Equal(alone.Gradients, together.Gradients);
            }
        }
    }

    // Each is a run of batches: what the streams carry goes from one to the next.
    private static SequenceLayout[][] Batches() =>
    [
        [new([9, 7, 7, 3, 1])],
        [new([2, 2, 2, 2, 2, 2, 2, 2, 2, 2])],
        [new([3, 3, 2], [2, 0, 1], [true, true, true]), new([4, 2, 1], [0, 2, 1], [false, true, false])],
    ];

    private static BlockSpec Spec(string kind, int cells, int projection, bool peepholes, bool clips) => kind switch
    {
        "gru" => new GruSpec(cells) { ParamRange = 0.4f },
        _ => (kind == "lstm" ? new LstmSpec(cells) : new BlstmSpec(cells)) with
        {
            Projection = projection,
            Peepholes = peepholes,
            ParamRange = 0.4f,
            CellClip = clips ? 0.3f : 50,
            DiffClip = clips ? 0.1f : 0,
            CellDiffClip = clips ? 0.2f : 0,
        },
    };

    private static (float[] Outputs, float[] States, float[] Gradients) Pass(
        BlockSpec spec, SequenceLayout[] layouts, int threads, bool useReference, BlockSpec[]? below = null)
    {
        Threads.Count = threads;
        using var route = useReference ? new ReferenceRoute() : null;
        try
        {
            // An affine block below, so that the recurrent layer hands a gradient down.
            using var graph = new LayerGraph(Some.Graph(Dim, [.. below ?? [Some.Affine(11)], spec]), Device.Cpu);
            graph.Initialise(3);
            using var table = Some.Table(Dim, ScalarType.Float32, layouts.Sum(layout => layout.Rows));
            var (outputs, gradients, first) = (new List<float>(), new List<float>(), 0);
            foreach (var layout in layouts)
            {
                int[] rows = [.. Enumerable.Range(first, layout.Rows)];
                first += layout.Rows;
                outputs.AddRange(Of(graph.Forward(table, rows, PassMode.Train, layout)));
                graph.OutputGradient.CopyFrom(Some.Floats((int)graph.OutputGradient.Count, seed: 8, scale: 0.3));
                graph.Backward(graph.OutputGradient);
                gradients.AddRange(Of(graph.Parameters.Gradients));
            }

            return ([.. outputs], [.. graph.CopyStates().SelectMany(state => state.Value)], [.. gradients]);
        }
        finally
        {
            Threads.Count = 1;
        }
    }

    private static float[] Of(Tensor tensor)
    {
        var values = new float[tensor.Count];
        tensor.CopyTo(values);
        return values;
    }

    private static void AssertClose(float[] expected, float[] got, float tolerance)
    {
        var scale = expected.Length == 0 ? 1 : Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, got.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - got[i]) <= tolerance * scale, $"{i}: expected {expected[i]}, got {got[i]}");
    }
}
