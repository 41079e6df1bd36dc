using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>Whole numbers of each member, known to all: who has how many frames, and whose data have ended.</summary>
internal static class RollCall
{
    /// <summary>Gives every member the numbers of all.</summary>
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
