using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class WindowFunctionTests
{
    [Theory]
    [InlineData(WindowType.Hanning, 0, 0.5, 1)]
    [InlineData(WindowType.Hamming, 0.08, 0.54, 1)]
    [InlineData(WindowType.Povey, 0, 0.554785, 1)]
    [InlineData(WindowType.Sine, 0, 0.707107, 1)]
    [InlineData(WindowType.Rectangular, 1, 1, 1)]
    [InlineData(WindowType.Blackman, 0, 0.34, 1)]
    public void Create_has_the_shape_at_edge_quarter_and_middle(WindowType type, double edge, double quarter, double middle)
    {
        var window = WindowFunction.Create(type, 401);

        Assert.Equal(
            [edge, quarter, middle, edge],
            new[] { window[0], window[100], window[200], window[400] }.Select(w => Math.Round((double)w, 6)));
    }
}
