using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Native;

public sealed class LibTorchTests
{
    [Fact]
    public void Check_of_a_product_of_unequal_inner_axes_reports_the_operation_and_both_shapes()
    {
        using var a = Tensor.From([1, 2, 3], 1, 3);
        using var b = Tensor.From([1, 2], 2, 1);
        using var product = Tensor.Zeros(Device.Cpu, [1, 1]);

        var error = Assert.Throws<KernelException>(() => product.AddProduct(a, false, b, false));

        Assert.StartsWith("AddProduct: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 3] and [2, 1] do not multiply", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lent_handle_stays_alive_until_it_is_returned()
    {
        var tensor = Tensor.From([1, 2], 2);
        var lent = new OptionalHandle(tensor.Handle);

        tensor.Dispose();

        Assert.False(tensor.Handle.IsInvalid);
        Assert.NotEqual(0, lent.Address);
        lent.Dispose();
        Assert.Equal(0, new OptionalHandle(null).Address);
    }
}
