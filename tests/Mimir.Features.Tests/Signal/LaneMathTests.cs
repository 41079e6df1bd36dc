using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class LaneMathTests
{
    [Fact]
    public void Log_is_exact_to_the_rounding_of_single_precision()
    {
        for (var x = 1.1754944e-38f; x < 3e38f; x *= 1.0137f)
        {
            var expected = Math.Log(x);

            Assert.Equal(expected, LaneMath.Log(new Vector<float>(x))[0], 6e-8 + (1.2e-7 * Math.Abs(expected)));
        }
    }

    [Fact]
    public void HalfCircle_gives_cosine_and_sine()
    {
        for (var t = -0.5f; t <= 0.5f; t += 0.001f)
        {
            var (cosine, sine) = LaneMath.HalfCircle(new Vector<float>(t));

            Assert.Equal(Math.Cos(Math.PI * t), cosine[0], 2e-7);
            Assert.Equal(Math.Sin(Math.PI * t), sine[0], 2e-7);
        }
    }
}
