using Mimir.Decode.Lattices;

namespace Mimir.Decode.Tests.Support;

/// <summary>The lattices of Kaldi's goldens.</summary>
internal static class SharedLattices
{
    public const string Folder = "goldens/kaldi-sequence/lat3";

    /// <summary>The three lattices of the folder.</summary>
    public static List<KeyValuePair<string, WordLattice>> Read(double graphScale = 1, double acousticScale = 1) =>
    [
        .. WordLattice.Table.Read($"ark:{At("lat.ark")}")
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Scale(new LatticeScale(graphScale, acousticScale)))),
    ];

    /// <summary>The path of a file of the folder.</summary>
    public static string At(string name) => SharedData.At($"{Folder}/{name}");
}
