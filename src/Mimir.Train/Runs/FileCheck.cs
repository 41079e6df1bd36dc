using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Core.Models;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>Looks for the files and folders that a recipe names.</summary>
internal static class FileCheck
{
    /// <summary>Lists the files and folders of this machine that a recipe names and that are not there.</summary>
    /// <remarks>Files in the folder of a corpus that is to be made, or of a corpus on another machine, count as present.</remarks>
    public static IReadOnlyList<Finding> Run(LoadedRecipe loaded, IMachine machine)
    {
        var findings = new List<Finding>();
        var recipe = loaded.Recipe;
        string[] toBeMade =
        [
            .. recipe.Corpus.Synth is { } synth && !machine.HasFolder(synth.Dir) ? [Path.GetFullPath(synth.Dir)] : (string[])[],
            .. recipe.Start is { } start ? [Path.GetFullPath(start.FolderOf(recipe.OutputFolder))] : (string[])[],
        ];

        foreach (var (name, set) in recipe.Corpus.AllSets)
            Set(recipe.Corpus.PathOf(name, set), set);
        File("start.lexicon.file", recipe.Start?.Lexicon.File);
        File("start.text", recipe.Start?.Text);
        File("start.language-model", recipe.Start?.LanguageModel);
        if (recipe.Augment?.Noise is { } noise)
            Source("augment.noise.dir", noise.Dir);
        if (recipe.Augment?.Reverberation is { } rooms)
            Source("augment.reverberation.rirs", rooms.Rirs);
        if (recipe.Train.From is { } from)
            File("train.from", Path.Combine(StartNetwork.FolderOf(from), CheckedFolder.Manifest));
        if (recipe.Train.Loss is SequenceLossRecipe loss)
        {
            var path = $"train.loss.{KindAttribute.NameOf(loss)}";
            if (loss.Language is { } language)
                Folder($"{path}.lang", language);
            if (loss.Graph is { } denominators)
                Folder($"{path}.graph", denominators);
        }

        if (recipe.Decode is { } decode && recipe.Train.Loss is not CtcRecipe)
        {
            Folder("decode.graph", decode.Graph);
            if (machine.HasFolder(decode.Graph))
            {
                if (!machine.HasFile(Path.Combine(decode.Graph, "HCLG.fst.gz")))
                    File("decode.graph", Path.Combine(decode.Graph, "HCLG.fst"));
                File("decode.graph", Path.Combine(decode.Graph, "words.txt"));
            }

            if (decode.Prior != DecodeRecipe.PriorFromAlignments)
                File("decode.prior", decode.Prior);
            File("decode.score.reference", decode.Score.Reference);
            File("decode.score.lexicon", decode.Score.Lexicon);
        }

        return findings;

        void Set(string path, CorpusSet set)
        {
            if (DataDirectory.IsManifest(set.Dir))
                File($"{path}.dir", set.Dir);
            else
                Folder($"{path}.dir", set.Dir);
            Folder($"{path}.root", set.Root);
            File($"{path}.utterances", set.Utterances);
            File($"{path}.transition-model", set.TransitionModel);
            if (set.Alignments is { } table && Rspecifier.IsTable(table))
                File($"{path}.alignments", TableFile(table));
            else if (set.Alignments is { } name && !name.AsSpan().ContainsAny('*', '?') && !machine.HasFile(name))
                Folder($"{path}.alignments", name);
            File($"{path}.targets", TableFile(set.Targets));
            File($"{path}.frame-weights", TableFile(set.FrameWeights));
            File($"{path}.utterance-weights", TableFile(set.UtteranceWeights));
            File($"{path}.features", TableFile(set.Features));
            File($"{path}.cmvn", TableFile(set.Cmvn));
            File($"{path}.reference", set.Reference);
        }

        void Source(string path, string name)
        {
            if (!machine.HasFolder(name))
                File(path, name);
        }

        void Folder(string path, string folder)
        {
            if (!machine.HasFolder(folder) && !WillBeMade(folder))
                Missing(path, folder, machine.HasFile(folder) ? "this is a file, not a folder" : "there is no folder");
        }

        void File(string path, string? file)
        {
            if (file is not null && !machine.HasFile(file) && !WillBeMade(file))
                Missing(path, file, machine.HasFolder(file) ? "this is a folder, not a file" : "there is no file");
        }

        bool WillBeMade(string path) => toBeMade.Any(folder =>
            Path.GetFullPath(path) == folder
            || Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));

        void Missing(string path, string name, string what)
        {
            var isRemote = recipe.Corpus.Source is not null
                && !Path.IsPathRooted(name)
                && path.StartsWith("corpus.", StringComparison.Ordinal);
            if (!isRemote)
                findings.Add(new Finding(path, loaded.OriginOf(path), $"'{path}': {what} '{name}'"));
        }
    }

    /// <summary>The file of a table specifier, or null when there is none to look for (standard input, a pipe).</summary>
    private static string? TableFile(string? rspecifier)
    {
        var name = rspecifier?[(rspecifier.IndexOf(':') + 1)..].Trim();
        return name is null or "" or "-" || name.EndsWith('|') ? null : name;
    }
}
