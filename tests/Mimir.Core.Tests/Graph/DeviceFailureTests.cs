using System.Runtime.InteropServices;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Graph;

/// <summary>A failure of the machine within a pass is an error for the user; any other failure of libtorch stays a bug.</summary>
public sealed class DeviceFailureTests
{
    private const string NoMemory = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes";

    [Theory]
    [InlineData(true, "a forward pass: ")]
    [InlineData(false, "a backward pass: ")]
    public void Pass_without_memory_says_so(bool forward, string pass)
    {
        var error = Assert.Throws<DeviceException>(() => Pass(new(forward, NoMemory)));

        Assert.StartsWith(pass, error.Message, StringComparison.Ordinal);
        Assert.Contains("can't allocate memory", error.Message, StringComparison.Ordinal);
        Assert.Contains("use a smaller batch or model", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Pass_with_a_wrong_call_keeps_the_exception(bool forward) =>
        Assert.Throws<LibtorchException>(() => Pass(new(forward, "shapes [2] and [3] differ")));

    private static void Pass(FailingSpec block)
    {
        using var graph = new LayerGraph(new GraphSpec(2, [new("a", new AffineSpec { OutputDim = 2 }), new("b", block)]), Device.Cpu);
        using var table = new FrameTable(Device.Cpu, new float[2], 2, [1]);
        graph.Forward(table, [0], PassMode.Train);
        graph.Backward(graph.OutputGradient);
    }

    // TorchSharp throws the base class, which the runtime reserves.
    private sealed class LibtorchException(string message) : ExternalException(message);

    private sealed record FailingSpec(bool InForward, string Message) : BlockSpec
    {
        internal override Block Build(int inputDim) => new FailingBlock(this, inputDim);
    }

    private sealed class FailingBlock(FailingSpec spec, int dim) : Block(dim)
    {
        public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output) => FailIf(spec.InForward);

        public override void Backward(
            in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients) =>
            FailIf(!spec.InForward);

        private void FailIf(bool fails)
        {
            if (fails)
                throw new LibtorchException(spec.Message);
        }
    }
}
