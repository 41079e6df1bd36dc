using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>An exchange of a few whole numbers: every member of a group gets those of all.</summary>
internal static class NumberExchange
{
    /// <summary>Sends this member's numbers to all, and receives theirs.</summary>
    /// <param name="collective">Joins the members.</param>
    /// <param name="own">This member's numbers, as many on each.</param>
    /// <returns>The numbers by place in the group.</returns>
    public static long[][] Gather(ICollective collective, params ReadOnlySpan<long> own)
    {
        var width = own.Length * WholeNumbers.Pieces;
        var all = new float[collective.Group.Size * width];
        WholeNumbers.Write(own, all.AsSpan(collective.Index * width, width));
        if (collective.Group.Size > 1)
            collective.AllGather(all);

        var numbers = new long[collective.Group.Size][];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = WholeNumbers.Read(all.AsSpan(i * width, width));
        return numbers;
    }

    /// <summary>The bits that any member has set in one of its numbers.</summary>
    public static long Bits(long[][] numbers, int which) => numbers.Aggregate(0L, (bits, own) => bits | own[which]);

    /// <summary>The first place of those with the largest of a number.</summary>
    public static int Furthest(long[][] numbers, int which)
    {
        var best = 0;
        for (var i = 1; i < numbers.Length; i++)
        {
            if (numbers[i][which] > numbers[best][which])
                best = i;
        }

        return best;
    }
}

/// <summary>Whole numbers as floats, 16 bits a float: exact through sums, half precision excepted, and in files of floats.</summary>
internal static class WholeNumbers
{
    /// <summary>The floats of a number.</summary>
    public const int Pieces = 4;

    public static void Write(ReadOnlySpan<long> numbers, Span<float> pieces)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            for (var p = 0; p < Pieces; p++)
                pieces[(i * Pieces) + p] = (ushort)(numbers[i] >> (16 * p));
        }
    }

    public static float[] ToFloats(params ReadOnlySpan<long> numbers)
    {
        var pieces = new float[numbers.Length * Pieces];
        Write(numbers, pieces);
        return pieces;
    }

    public static long[] Read(ReadOnlySpan<float> pieces)
    {
        var numbers = new long[pieces.Length / Pieces];
        for (var i = 0; i < numbers.Length; i++)
        {
            for (var p = 0; p < Pieces; p++)
                numbers[i] |= (long)(ushort)pieces[(i * Pieces) + p] << (16 * p);
        }

        return numbers;
    }
}
