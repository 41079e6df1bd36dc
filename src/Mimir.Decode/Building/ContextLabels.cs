using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Building;

/// <summary>
/// The meaning of the input labels of a graph of context-dependent phones (Kaldi: <c>ilabels</c>): a window of phones, 0 where there is
/// none; or one number: 0 for the symbol before the first phone, the negative of a symbol of disambiguation. Label 0 has none.
/// </summary>
public sealed class ContextLabels
{
    /// <summary>Creates the labels.</summary>
    /// <param name="windows">By label.</param>
    /// <exception cref="ArgumentException">The first is not empty, or another is.</exception>
    public ContextLabels(IReadOnlyList<int[]> windows)
    {
        if (windows.Count == 0 || windows[0].Length > 0 || windows.Skip(1).Any(window => window.Length == 0))
            throw new ArgumentException("expected no numbers for label 0 and some for each other label", nameof(windows));

        Windows = windows;
    }

    /// <summary>Gets the windows by label.</summary>
    public IReadOnlyList<int[]> Windows { get; }

    /// <summary>Gets the labels of disambiguation in rising order.</summary>
    public IEnumerable<int> Disambiguation => Enumerable.Range(1, Windows.Count - 1).Where(IsDisambiguation);

    /// <summary>Tests for a label of disambiguation, which stands for no phone.</summary>
    public bool IsDisambiguation(int label) => Windows[label] is [<= 0];

    /// <summary>Makes one of the labels whose windows have the same phone with the same distributions.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="topology">The HMMs of the phones.</param>
    /// <returns>The labels that are left, in order, and the new label of each old one.</returns>
    /// <exception cref="InputException">The tree or the topology does not know a window.</exception>
    public (ContextLabels Labels, int[] NewLabels) Merge(ContextDependency tree, HmmTopology topology)
    {
        var known = new Dictionary<int[], int>(WindowComparer.Instance);
        var windows = new List<int[]> { Windows[0] };
        var newLabels = new int[Windows.Count];
        for (var label = 1; label < newLabels.Length; label++)
        {
            var key = IsDisambiguation(label) ? [-label] : PdfKeys.Of(tree, topology, Windows[label]);
            if (!known.TryGetValue(key, out newLabels[label]))
            {
                known.Add(key, newLabels[label] = windows.Count);
                windows.Add(Windows[label]);
            }
        }

        return (new ContextLabels(windows), newLabels);
    }

    /// <summary>Reads the labels, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It is not such a file.</exception>
    public static ContextLabels Read(string rxfilename, KaldiIoOptions? io = null) => KaldiReader.ReadFile(rxfilename, io, Read);

    /// <summary>Writes the labels as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary or text.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) => KaldiOutput.WriteOne(
        wxfilename,
        binary,
        writer =>
        {
            writer.WriteInt(Windows.Count);
            foreach (var window in Windows)
                writer.WriteIntVector(window);
        },
        io);

    private static ContextLabels Read(KaldiReader reader, bool binary)
    {
        var count = reader.ReadInt(binary);
        var windows = new List<int[]>();
        for (var label = 0; label < count; label++)
            windows.Add(reader.ReadIntVector(binary));

        try
        {
            return new ContextLabels(windows);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }
}
