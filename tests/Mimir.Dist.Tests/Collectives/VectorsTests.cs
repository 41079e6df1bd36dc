using Mimir.Dist.Collectives;

namespace Mimir.Dist.Tests.Collectives;

public sealed class VectorsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(16, 0)]
    [InlineData(1001, 0)]
    [InlineData(1001, 5)]
    [InlineData(70, 15)]
    public void Every_element_is_copied_and_summed_and_none_beside_it(int length, int offset)
    {
        foreach (var around in (bool[])[false, true])
        {
            var x = CollectiveChecks.Values(0, length);
            var y = CollectiveChecks.Values(1, length);
            var sum = x.Zip(y, (one, other) => one + other).ToArray();

            Assert.Equal(x, Written(length, offset, target => Vectors.Copy(x, target, around)));
            Assert.Equal(sum, Written(length, offset, target => Vectors.Sum(x, y, target)));
            Assert.Equal(sum, Written(length, offset, target =>
            {
                x.CopyTo(target);
                Vectors.Add(y, target);
            }));
            Assert.Equal(sum, Written(length, offset, target =>
            {
                var own = (float[])x.Clone();
                Vectors.SumToBoth(own, y, own, target, around);
                Assert.Equal(sum, own);
            }));
        }
    }

    private static float[] Written(int length, int offset, Action<Span<float>> write)
    {
        // Pinned, since stores around the cache are for memory that does not move.
        var all = GC.AllocateArray<float>(length + offset + 20, pinned: true);
        write(all.AsSpan(offset, length));
        Assert.All(all[..offset], value => Assert.Equal(0, value));
        Assert.All(all[(offset + length)..], value => Assert.Equal(0, value));
        return all[offset..(offset + length)];
    }
}
