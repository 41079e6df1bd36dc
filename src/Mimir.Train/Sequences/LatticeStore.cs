using System.Globalization;
using Mimir.Base;
using Mimir.Decode.Lattices;

namespace Mimir.Train.Sequences;

/// <summary>The lattices of sets on disk, in archives of some utterances each, so that making them can be resumed and shared.</summary>
/// <param name="folder">The folder; made where it is missing.</param>
internal sealed class LatticeStore(string folder)
{
    /// <summary>The utterances of an archive.</summary>
    public const int PartUtterances = 64;

    /// <summary>The name of the folder of a graph that is made for the lattices.</summary>
    public const string GraphName = "graph";

    private const string StampFile = "start";

    /// <summary>Gets the folder of a graph that is made for the lattices.</summary>
    public string GraphFolder => Path.Combine(folder, GraphName);

    /// <summary>Throws away what was made from another start.</summary>
    /// <param name="stamp">Identifies the start network.</param>
    public void Begin(string stamp)
    {
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, StampFile);
        if (File.Exists(file) && File.ReadAllText(file) == stamp)
            return;

        foreach (var archive in Directory.EnumerateFiles(folder, "*.ark"))
            File.Delete(archive);
        AtomicFile.WriteText(file, stamp);
    }

    /// <summary>True when an archive is there.</summary>
    public bool Has(string set, int part) => File.Exists(PlaceOf(set, part));

    /// <summary>Writes an archive; it is whole or not there.</summary>
    public void Write(string set, int part, IReadOnlyDictionary<string, WordLattice> lattices)
    {
        Directory.CreateDirectory(folder);
        using var writer = WordLattice.Table.Create($"ark:{PlaceOf(set, part)}");
        writer.Fill(() =>
        {
            foreach (var (utterance, lattice) in lattices)
                writer.Write(utterance, lattice);
        });
    }

    /// <summary>Reads an archive.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public IEnumerable<KeyValuePair<string, Lattice>> Read(string set, int part) => Lattice.Table.Read($"ark:{PlaceOf(set, part)}");

    private string PlaceOf(string set, int part) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{set}.{part}.ark"));
}
