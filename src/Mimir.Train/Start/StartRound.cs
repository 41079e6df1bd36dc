using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Start;

/// <summary>Writes a model to a file, as Kaldi does.</summary>
internal delegate void ModelWriter(string file, bool binary = true, KaldiIoOptions? io = null);

/// <summary>Alignments of all sets with the model and tree that they are of: a folder that appears in one piece.</summary>
/// <param name="folder">The folder.</param>
internal sealed class StartRound(string folder)
{
    /// <summary>The name of the tree in a folder of alignments.</summary>
    public const string TreeName = "tree";

    private const string ModelName = "final.mdl";
    private const string AlignmentsName = "ali.1.gz";

    /// <summary>True when the folder is there.</summary>
    public bool Exists => Directory.Exists(folder);

    /// <summary>Gets the transition model.</summary>
    public string ModelFile => Path.Combine(folder, ModelName);

    /// <summary>The folder of a set's alignments.</summary>
    public string Of(string set) => Path.Combine(folder, set);

    /// <summary>Reads the model.</summary>
    public TransitionModel Model() => TransitionModel.Read(ModelFile);

    /// <summary>Reads the tree.</summary>
    public ContextDependency Tree() => ContextDependency.Read(Path.Combine(folder, TreeName));

    /// <summary>Reads a set's alignments.</summary>
    public Dictionary<string, int[]> Alignments(string set) =>
        KaldiTables.IntVector.Read($"ark:{Path.Combine(Of(set), AlignmentsName)}").ToDictionary(StringComparer.Ordinal);

    /// <summary>Writes all of it.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="writeModel">Writes the model, of transitions alone or with mixtures, to a file.</param>
    /// <param name="sets">The alignments of each set by its name.</param>
    public void Write(
        ContextDependency tree, ModelWriter writeModel, IReadOnlyList<(string Set, Dictionary<string, int[]> Alignments)> sets) =>
        StartFolder.Make(folder, beside =>
        {
            tree.Write(Path.Combine(beside, TreeName));
            writeModel(Path.Combine(beside, ModelName));
            foreach (var (set, alignments) in sets)
            {
                Directory.CreateDirectory(Path.Combine(beside, set));
                using var output = KaldiTables.IntVector.Create($"ark:{Path.Combine(beside, set, AlignmentsName)}");
                foreach (var (id, transitions) in alignments.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    output.Write(id, transitions);
            }
        });

    /// <summary>The share of frames whose distribution is another one than in an earlier round.</summary>
    public static double Changed(
        TransitionModel model, IReadOnlyDictionary<string, int[]> before, IReadOnlyDictionary<string, int[]> after)
    {
        var (frames, changed) = (0L, 0L);
        foreach (var (id, transitions) in after)
        {
            if (before.GetValueOrDefault(id) is not { } old || old.Length != transitions.Length)
                continue;

            frames += transitions.Length;
            for (var frame = 0; frame < transitions.Length; frame++)
                changed += model.PdfOf(old[frame]) == model.PdfOf(transitions[frame]) ? 0 : 1;
        }

        return frames == 0 ? 1 : (double)changed / frames;
    }
}
