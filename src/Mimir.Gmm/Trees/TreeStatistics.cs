using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>The frames of a state of a phone among its neighbours.</summary>
/// <param name="Event">The state, the phone and its neighbours.</param>
/// <param name="Frames">The frames.</param>
public sealed record ContextStatistics(TreeEvent Event, ClusterStatistics Frames);

/// <summary>The statistics from which a tree is grown: Kaldi's file <c>treeacc</c>, as acc-tree-stats writes it.</summary>
public sealed class TreeStatistics
{
    /// <summary>Creates statistics.</summary>
    /// <param name="contexts">The states in contexts, of one dimension.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public TreeStatistics(IReadOnlyList<ContextStatistics> contexts)
    {
        if (contexts.Select(context => context.Frames.Dimension).Distinct().Count() > 1)
            throw new ArgumentException("The statistics of a tree have one dimension; these have several.", nameof(contexts));

        Contexts = contexts;
    }

    /// <summary>Gets the states in contexts.</summary>
    public IReadOnlyList<ContextStatistics> Contexts { get; }

    /// <summary>Reads statistics, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It has no statistics of a tree.</exception>
    public static TreeStatistics Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, TreeStatisticsFormat.Read, "statistics of a tree");

    /// <summary>Adds statistics up (Kaldi: sum-tree-stats).</summary>
    /// <returns>The sums in the order of their events; the parts are not changed.</returns>
    /// <exception cref="InputException">The dimensions differ.</exception>
    public static TreeStatistics Sum(IEnumerable<TreeStatistics> parts)
    {
        var sums = new SortedDictionary<TreeEvent, ClusterStatistics>(TreeEvent.Order);
        foreach (var (context, frames) in parts.SelectMany(part => part.Contexts))
        {
            if (sums.Count > 0 && sums.First().Value.Dimension is var dimension && dimension != frames.Dimension)
                throw new InputException($"expected statistics of {dimension} values, as in the first file, got {frames.Dimension}.");

            if (sums.TryGetValue(context, out var sum))
                sum.Add(frames);
            else
                sums.Add(context, frames.Clone());
        }

        return new TreeStatistics([.. sums.Select(pair => new ContextStatistics(pair.Key, pair.Value))]);
    }

    /// <summary>Adds up the frames at each leaf of a tree.</summary>
    /// <param name="tree">The tree; its answers are from 0.</param>
    /// <returns>A sum for each answer up to the largest that has frames; null where an answer has none.</returns>
    /// <exception cref="InputException">The tree has no answer for an event.</exception>
    public IReadOnlyList<ClusterStatistics?> SumByLeaf(EventMap tree) => [.. Contexts.SplitBy(tree).Select(leaf => leaf.Sum())];

    /// <summary>Writes the statistics as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, writer => TreeStatisticsFormat.Write(writer, this), io);
}
