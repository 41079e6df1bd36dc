namespace Mimir.Base;

/// <summary>Refuses to write into a folder that holds what somebody else made.</summary>
public static class ForeignFiles
{
    private const int Named = 3;

    /// <summary>Throws when a folder has files that are not its maker's.</summary>
    /// <param name="folder">The folder, as the user named it.</param>
    /// <param name="others">The names of what is not its maker's; none is no error.</param>
    /// <param name="maker">The maker in words: <c>no run of Mimir</c>.</param>
    /// <exception cref="IOException">There are such files; the message names some of them and the remedy.</exception>
    public static void Refuse(string folder, IReadOnlyCollection<string> others, string maker)
    {
        if (others.Count > 0)
            throw new IOException($"{folder}: {Problem(others, maker)}");
    }

    /// <summary>The problem of a folder that has others' files, with the remedy.</summary>
    /// <inheritdoc cref="Refuse"/>
    public static string Problem(IReadOnlyCollection<string> others, string maker)
    {
        var more = others.Count > Named ? $" and {others.Count - Named} more" : "";
        var names = string.Join(", ", others.Order(StringComparer.Ordinal).Take(Named));
        return $"holds files that {maker} made ({names}{more}); name another folder, or take them away.";
    }
}
