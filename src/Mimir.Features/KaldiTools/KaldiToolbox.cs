using Mimir.Features.Extraction;

namespace Mimir.Features.KaldiTools;

/// <summary>The programs of Kaldi's that Mimir has, by name.</summary>
public static class KaldiToolbox
{
    private static readonly Func<IKaldiTool>[] Makers =
    [
        () => new ComputeFeaturesTool(new FbankOptions()),
        () => new ComputeFeaturesTool(new MfccOptions()),
        () => new ComputeFeaturesTool(new SpectrogramOptions()),
        () => new ComputeCmvnStatsTool(),
        () => new ApplyCmvnTool(),
        () => new AddDeltasTool(),
        () => new SpliceFeaturesTool(),
        () => new CopyFeaturesTool(),
    ];

    /// <summary>Makes one of each program, for a listing.</summary>
    public static IReadOnlyList<IKaldiTool> Tools => [.. Makers.Select(make => make())];

    /// <summary>Makes a program for one run.</summary>
    /// <param name="name">Kaldi's name of it.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public static IKaldiTool Create(string name)
    {
        var tools = Tools;
        return tools.FirstOrDefault(tool => tool.Name == name)
            ?? throw new ArgumentException(
                $"'{name}' is not among the Kaldi programs here: {string.Join(", ", tools.Select(tool => tool.Name))}.");
    }
}
