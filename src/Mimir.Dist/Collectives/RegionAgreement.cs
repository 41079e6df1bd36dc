using System.Text;

namespace Mimir.Dist.Collectives;

/// <summary>Gives all members of a group the same memory: all of them, or none, and each throws the reason.</summary>
internal static class RegionAgreement
{
    private const int LongestText = 4096;

    /// <summary>The memory of the group. The first member makes the file and takes its name away when all have opened it.</summary>
    /// <param name="talk">The group.</param>
    /// <param name="options">Sizes.</param>
    /// <exception cref="IOException">Some member cannot have it; every one of them throws.</exception>
    public static SharedRegion Reach(GroupChannel talk, SharedMemoryOptions options)
    {
        var slotFloats = options.PartFloats * talk.Size;
        return talk.Index == 0 ? Offer(talk, options, slotFloats) : Accept(talk, options, slotFloats);
    }

    private static SharedRegion Accept(GroupChannel talk, SharedMemoryOptions options, int slotFloats)
    {
        var answer = "";
        SharedRegion? own = null;
        try
        {
            var path = Encoding.UTF8.GetString(talk.ReceiveMessage(0, LongestText));
            own = path.Length > 0 ? SharedRegion.Open(path, talk.Size, options.Slots, slotFloats) : null;
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            answer = $"worker {talk.Group.Members[talk.Index]}: {error.Message}";
        }

        talk.Send(0, Encoding.UTF8.GetBytes(answer));
        var verdict = Encoding.UTF8.GetString(talk.ReceiveMessage(0, LongestText));
        if (verdict.Length == 0 && own is not null)
            return own;

        own?.Dispose();
        throw new IOException($"memory cannot be shared: {verdict}");
    }

    private static SharedRegion Offer(GroupChannel talk, SharedMemoryOptions options, int slotFloats)
    {
        var problem = "";
        SharedRegion? region = null;
        var place = "";
        try
        {
            (region, place) = SharedRegion.Create(options.Folder, options.Job, talk.Size, options.Slots, slotFloats);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problem = $"worker {talk.Group.Members[0]}: {error.Message}";
        }

        try
        {
            for (var member = 1; member < talk.Size; member++)
                talk.Send(member, Encoding.UTF8.GetBytes(place));

            for (var member = 1; member < talk.Size; member++)
            {
                var answer = Encoding.UTF8.GetString(talk.ReceiveMessage(member, LongestText));
                problem = problem.Length > 0 ? problem : answer;
            }
        }
        finally
        {
            if (place.Length > 0)
                File.Delete(place);
        }

        for (var member = 1; member < talk.Size; member++)
            talk.Send(member, Encoding.UTF8.GetBytes(problem));

        if (problem.Length == 0 && region is not null)
            return region;

        region?.Dispose();
        throw new IOException($"memory cannot be shared: {problem}");
    }
}
