using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Native;

public sealed class KernelsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_outside_the_table_is_named_on_both_routes(bool useReference)
    {
        using var reference = useReference ? new ReferenceRoute() : null;
        using var graph = new LayerGraph(Some.Graph(3, Some.Affine(2)), Device.Cpu);
        using var table = Some.Table(3, ScalarType.Float32, 4);

        var error = Assert.Throws<KernelException>(() => graph.Forward(table, [0, 4], PassMode.Evaluate));

        Assert.Contains("row 4 is not in a table of 4 frames", error.Message, StringComparison.Ordinal);
    }
}
