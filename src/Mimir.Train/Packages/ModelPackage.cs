using System.Text;
using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;

namespace Mimir.Train.Packages;

/// <summary>Writes packages: a folder with all that a model needs to transcribe, and a checksum of every file.</summary>
public static class ModelPackage
{
    // What may be in a graph folder, and is of use: Kaldi's mkgraph.sh puts the tables of phones one folder deeper.
    private static readonly string[] GraphFiles = ["HCLG.fst", "HCLG.fst.gz", "words.txt", "phones.txt"];

    // What is in a run's model and of no use to a package.
    private static readonly string[] Left = [CheckedFolder.Manifest, "history.json", "pdf.counts"];

    /// <summary>Writes a package in one piece.</summary>
    /// <param name="files">The model.</param>
    /// <param name="folder">The folder to create, or a package to replace.</param>
    /// <returns>The names of its files.</returns>
    /// <exception cref="InputException">A part of the model is damaged or does not fit, or it has a layer of the user's own.</exception>
    /// <exception cref="IOException">A file is missing, the folder has files of others, or the disk is full.</exception>
    public static IReadOnlyList<string> Write(ModelFiles files, string folder)
    {
        CheckedFolder.RefuseOthers(folder);
        RefuseModules(files);
        SpeechModel.Load(files).Dispose();
        var contents = Contents(files);
        if (Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(folder))) is { } parent)
            Directory.CreateDirectory(parent);

        CheckedFolder.Write(folder, contents);
        return [.. contents.Keys, CheckedFolder.Manifest];
    }

    private static Dictionary<string, Action<Stream>> Contents(ModelFiles files)
    {
        var contents = new Dictionary<string, Action<Stream>>(StringComparer.Ordinal)
        {
            [ModelFiles.RecipeFile] = stream => stream.Write(Encoding.UTF8.GetBytes(ModelFiles.ToYaml(files.Recipe))),
            ["pdf.counts"] = Copy(files.Counts ?? Path.Combine(files.Model.Path, "pdf.counts")),
        };
        foreach (var (name, file) in CheckedFolder.Open(files.Model.Path))
        {
            if (!Left.Contains(name))
                contents.TryAdd(name, Copy(file));
        }

        foreach (var name in GraphFiles.Where(name => File.Exists(Path.Combine(files.Graph, name))))
        {
            if (name != "HCLG.fst.gz" || !contents.ContainsKey("HCLG.fst"))
                contents.TryAdd(name, Copy(Path.Combine(files.Graph, name)));
        }

        if (files.AlignLexicon is { } lexicon)
            contents.TryAdd(ModelFiles.AlignLexiconName, Copy(lexicon));
        if (files.Silence is { } silence)
            contents.TryAdd(ModelFiles.SilenceName, Copy(silence));

        return contents;
    }

    private static Action<Stream> Copy(string file) => target =>
    {
        using var source = File.OpenRead(file);
        source.CopyTo(target);
    };

    private static void RefuseModules(ModelFiles files)
    {
        var file = Path.Combine(files.Model.Path, ModelFolder.GraphFile);
        if (!File.Exists(file))
            return;

        var modules = GraphSpec.FromJson(File.ReadAllText(file), file).Nodes.Select(node => node.Block).OfType<ModuleSpec>();
        if (modules.FirstOrDefault() is { } module)
        {
            throw new InputException(
                $"{file}: the layer {module.ClassName} is code of {module.Assembly}, which a package cannot carry; transcribe with the run "
                + "itself (--model exp/x).");
        }
    }
}
