using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.Featbin;
using Mimir.KaldiTools.Nnetbin;

namespace Mimir.KaldiTools;

/// <summary>Programs of Kaldi's by name.</summary>
/// <param name="makers">Each makes a program for one run.</param>
public sealed class KaldiToolbox(IEnumerable<Func<IKaldiTool>> makers)
{
    private readonly Func<IKaldiTool>[] _makers = [.. makers];

    /// <summary>Gets the programs of this library: all that trains no network and runs none.</summary>
    public static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
        [.. FeatbinTools.Makers, .. BinTools.Makers, .. NnetbinTools.Makers];

    /// <summary>Gets one of each program, for a listing, by name.</summary>
    public IReadOnlyList<IKaldiTool> Tools =>
        [.. _makers.Select(make => make()).OrderBy(tool => tool.Name, StringComparer.Ordinal)];

    /// <summary>Makes a program for one run.</summary>
    /// <param name="name">Kaldi's name of it.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public IKaldiTool Create(string name)
    {
        var tools = Tools;
        return tools.FirstOrDefault(tool => tool.Name == name)
            ?? throw new ArgumentException(
                $"'{name}' is not among the Kaldi programs here: {string.Join(", ", tools.Select(tool => tool.Name))}.");
    }
}
