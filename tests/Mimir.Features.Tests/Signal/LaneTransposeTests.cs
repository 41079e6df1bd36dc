using System.Numerics;
using Mimir.Features.Signal;

namespace Mimir.Features.Tests.Signal;

public sealed class LaneTransposeTests
{
    private static readonly int Lanes = Vector<float>.Count;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(13, 5)]
    [InlineData(40, 40)]
    [InlineData(401, 160)]
    public void ToLanes_puts_a_row_into_each_lane(int width, int stride)
    {
        var rows = Numbers(((Lanes - 1) * stride) + width);
        var lanes = new Vector<float>[width];

        LaneTranspose.ToLanes(rows, stride, lanes);

        for (var lane = 0; lane < Lanes; lane++)
            Assert.All(Enumerable.Range(0, width), i => Assert.Equal(rows[(lane * stride) + i], lanes[i][lane]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(13)]
    [InlineData(40)]
    public void ToRows_takes_as_many_lanes_as_there_is_room_for(int width)
    {
        var lanes = new Vector<float>[width];
        LaneTranspose.ToLanes(Numbers(Lanes * width), width, lanes);

        for (var count = 1; count <= Lanes; count++)
        {
            var rows = new float[count * width];

            LaneTranspose.ToRows<float>(lanes, rows);

            Assert.Equal(Numbers(count * width), rows);
        }
    }

    [Fact]
    public void ToLanes_refuses_rows_that_are_too_short() =>
        Assert.Throws<IndexOutOfRangeException>(() => LaneTranspose.ToLanes(new float[(Lanes * 10) - 1], 10, new Vector<float>[10]));

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];
}
