using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class RealFftTests
{
    public static TheoryData<int> Lengths => [2, 4, 6, 8, 10, 16, 18, 22, 30, 32, 64, 128, 200, 256, 400, 512, 1024, 1102];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Power_of_every_lane_is_that_of_the_plain_transform(int length)
    {
        var signals = Signals(length);
        var power = new Vector<float>[(length / 2) + 1];

        new RealFft<float>(length).Power(InLanes(signals), power);

        for (var lane = 0; lane < signals.Length; lane++)
        {
            var plain = PlainDft.Of([.. signals[lane]]);
            for (var k = 0; k < power.Length; k++)
                Assert.Equal(Math.Pow(plain[k].Magnitude, 2), power[k][lane], 1e-4 * length);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Packed_of_every_lane_is_the_plain_transform(int length)
    {
        var signals = Signals(length);
        var packed = new Vector<float>[length];

        new RealFft<float>(length).Packed(InLanes(signals), packed);

        for (var lane = 0; lane < signals.Length; lane++)
        {
            var plain = PlainDft.Of([.. signals[lane]]);
            Assert.Equal(plain[0].Real, packed[0][lane], 1e-4);
            Assert.Equal(plain[^1].Real, packed[1][lane], 1e-4);
            for (var k = 1; k < length / 2; k++)
            {
                Assert.Equal(plain[k].Real, packed[2 * k][lane], 1e-4);
                Assert.Equal(plain[k].Imaginary, packed[(2 * k) + 1][lane], 1e-4);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Power_in_double_precision_is_exact(int length)
    {
        var signal = Enumerable.Range(0, length).Select(t => Math.Sin(t * t * 0.3)).ToArray();
        var power = new Vector<double>[(length / 2) + 1];

        new RealFft<double>(length).Power([.. signal.Select(x => new Vector<double>(x))], power);

        var plain = PlainDft.Of(signal);
        Assert.All(Enumerable.Range(0, power.Length), k => Assert.Equal(Math.Pow(plain[k].Magnitude, 2), power[k][0], 1e-11 * length));
    }

    [Fact]
    public void Constructor_refuses_an_odd_length()
    {
        var error = Assert.Throws<ArgumentException>(() => new RealFft<float>(17));

        Assert.Contains("got 17", error.Message, StringComparison.Ordinal);
    }

    private static float[][] Signals(int length) =>
        [.. Enumerable.Range(0, Vector<float>.Count).Select(lane =>
            Enumerable.Range(0, length).Select(t => (float)Math.Sin((t * t * 0.3) + (lane * 1.7))).ToArray())];

    private static Vector<float>[] InLanes(float[][] signals) =>
        [.. Enumerable.Range(0, signals[0].Length).Select(t => new Vector<float>(signals.Select(s => s[t]).ToArray()))];
}
