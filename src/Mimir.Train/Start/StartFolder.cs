using System.Text.Json;
using Mimir.Base;
using Mimir.Train.Recipes;

namespace Mimir.Train.Start;

/// <summary>The folder of a start: what is made of audio and text before the first network of a recipe is trained.</summary>
/// <remarks>
/// A part is a folder or file that appears in one piece, so a start that was ended goes on with the part that is missing. The
/// folder has Mimir's mark, which holds the values that the parts were made with.
/// </remarks>
/// <param name="root">The folder.</param>
internal sealed class StartFolder(string root)
{
    private const string Mark = ".mimir-start";
    private const string LockName = ".lock";
    private const int Named = 6;

    /// <summary>Gets the folder.</summary>
    public string Root => root;

    /// <summary>Gets the language directory, as Kaldi's prepare_lang.sh makes one.</summary>
    public string Language => At("lang");

    /// <summary>Gets the language model.</summary>
    public string LanguageModel => At("lm.arpa.gz");

    /// <summary>Gets the tree of the alignments.</summary>
    public string Tree => At("tree");

    /// <summary>Gets the transition model of the alignments; it is written last of their parts.</summary>
    public string Model => StartDefaults.Model(root);

    /// <summary>Gets the decoding graph.</summary>
    public string Graph => StartDefaults.Graph(root);

    /// <summary>Gets the list of utterances without an alignment, with reasons.</summary>
    public string Failures => At("unaligned.txt");

    /// <summary>A path in the folder.</summary>
    public string At(string name) => Path.Combine(root, name);

    /// <summary>Takes the folder for this process, and marks it.</summary>
    /// <param name="values">The values that decide the parts, by key.</param>
    /// <param name="remake">True to remove the parts that are there when they were made with other values.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="IOException">Another process works in it, or it has files of somebody else.</exception>
    /// <exception cref="InputException">The parts were made with other values, and are not to be made again.</exception>
    public IDisposable Take(IReadOnlyDictionary<string, string> values, bool remake)
    {
        var mark = At(Mark);
        if (!File.Exists(mark) && Directory.Exists(root))
        {
            var there = Directory.EnumerateFileSystemEntries(root).Select(path => Path.GetFileName(path));
            ForeignFiles.Refuse(root, [.. there.Where(name => name != LockName)], "no start of Mimir");
        }

        Directory.CreateDirectory(root);
        var held = FileLock.TryOpen(At(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose)
            ?? throw new IOException($"{root}: another process makes this start; wait for it, or stop it.");
        try
        {
            if (File.Exists(mark) && Differences(mark, values) is { Count: > 0 } differences)
            {
                if (!remake)
                {
                    var more = differences.Count > Named ? $", and {differences.Count - Named} more" : "";
                    throw new InputException(
                        $"{root}: a start with other values is here ({string.Join(", ", differences.Take(Named))}{more}). Name another "
                        + "folder (start.dir), or make it anew there (--remake).");
                }

                Clear();
            }

            AtomicFile.WriteText(mark, JsonSerializer.Serialize(values, StartJson.Default.IReadOnlyDictionaryStringString) + "\n");
            return held;
        }
        catch (Exception)
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Makes a part that is a folder, unless it is there.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="write">Writes its files into a folder that is then renamed.</param>
    /// <returns>True when it was made now.</returns>
    public static bool Make(string path, Action<string> write)
    {
        if (Directory.Exists(path))
            return false;

        var beside = $"{path}.tmp";
        if (Directory.Exists(beside))
            Directory.Delete(beside, recursive: true);

        Directory.CreateDirectory(beside);
        write(beside);
        AtomicFile.FlushFolder(beside);
        Directory.Move(beside, path);
        return true;
    }

    private static List<string> Differences(string mark, IReadOnlyDictionary<string, string> values)
    {
        IReadOnlyDictionary<string, string> there;
        try
        {
            there = JsonSerializer.Deserialize(File.ReadAllText(mark), StartJson.Default.IReadOnlyDictionaryStringString)
                ?? new Dictionary<string, string>();
        }
        catch (JsonException)
        {
            return [$"{mark} is damaged"];
        }

        return
        [
            .. there.Keys.Union(values.Keys)
                .Where(key => there.GetValueOrDefault(key) != values.GetValueOrDefault(key))
                .Select(key => $"{key} is {Words(there, key)} there and {Words(values, key)} here"),
        ];
    }

    private static string Words(IReadOnlyDictionary<string, string> values, string key) => values.GetValueOrDefault(key) ?? "not given";

    // Only the parts by their names; what somebody else put there stays.
    private void Clear()
    {
        foreach (var name in new[] { "lang", "ali", "graph", "work", "lang.tmp", "ali.tmp", "graph.tmp" })
        {
            if (Directory.Exists(At(name)))
                Directory.Delete(At(name), recursive: true);
        }

        foreach (var file in new[] { LanguageModel, Tree, Model, Failures })
            File.Delete(file);
    }
}

/// <summary>The form of the mark.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
[System.Text.Json.Serialization.JsonSourceGenerationOptions(WriteIndented = true)]
internal sealed partial class StartJson : System.Text.Json.Serialization.JsonSerializerContext;
