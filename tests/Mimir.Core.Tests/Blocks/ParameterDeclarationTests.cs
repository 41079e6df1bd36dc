using Mimir.Base;
using Mimir.Core.Blocks;

namespace Mimir.Core.Tests.Blocks;

public sealed class ParameterDeclarationTests
{
    private const float Range = 0.1f, Stddev = 0.3f;

    private readonly ParameterDeclaration _parameter = new("weight", [20, 50]);

    [Fact]
    public void Uniform_around_zero_is_to_the_bit_a_range_times_a_number_from_minus_one_to_one()
    {
        var (drawn, again) = (new SeededRandom(3), new SeededRandom(3));

        var values = _parameter.Uniform(drawn, 0, 2.0 * Range);

        Assert.Equal(20 * 50, values.Length);
        Assert.All(values, value => Assert.Equal((float)(Range * ((2 * again.NextUniform()) - 1)), value));
    }

    [Fact]
    public void Normal_is_to_the_bit_the_deviation_times_the_numbers_in_sequence()
    {
        var (drawn, again) = (new SeededRandom(3), new SeededRandom(3));

        var values = _parameter.Normal(drawn, Stddev);

        Assert.Equal(20 * 50, values.Length);
        Assert.All(values, value => Assert.Equal((float)(Stddev * again.NextNormal()), value));
    }
}
