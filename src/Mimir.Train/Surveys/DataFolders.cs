namespace Mimir.Train.Surveys;

/// <summary>The folders below one that hold Kaldi's data, alignments, models or graphs, by the files in them.</summary>
internal sealed class DataFolders
{
    private const int MaxDepth = 5;
    private const int MaxFolders = 5000;

    // The first of them in a folder is its lexicon.
    private static readonly string[] LexiconNames = ["lexiconp.txt", "lexicon.txt"];

    private DataFolders()
    {
    }

    /// <summary>Gets the data directories: <c>wav.scp</c> or <c>feats.scp</c>.</summary>
    public List<string> Data { get; } = [];

    /// <summary>Gets the folders with <c>ali.*</c>.</summary>
    public List<string> Alignments { get; } = [];

    /// <summary>Gets the files <c>final.mdl</c>.</summary>
    public List<string> Models { get; } = [];

    /// <summary>Gets the folders with a decoding graph and its words.</summary>
    public List<string> Graphs { get; } = [];

    /// <summary>Gets the pronunciation lexicons.</summary>
    public List<string> Lexicons { get; } = [];

    /// <summary>Looks through folders, links too, five levels deep and through at most 5,000 folders.</summary>
    /// <param name="roots">The folders; paths begin with them.</param>
    public static DataFolders Find(IEnumerable<string> roots)
    {
        var found = new DataFolders();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<(string Folder, int Depth)>(roots.Select(root => (root, 0)));
        while (waiting.TryDequeue(out var next) && seen.Count < MaxFolders)
        {
            var folder = new DirectoryInfo(next.Folder);
            if (!seen.Add(folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName))
                continue;

            found.Sort(next.Folder);
            if (next.Depth == MaxDepth)
                continue;

            foreach (var child in Children(next.Folder).Order(StringComparer.Ordinal))
                waiting.Enqueue((child, next.Depth + 1));
        }

        return found;
    }

    private void Sort(string folder)
    {
        if (Has("wav.scp") || Has("feats.scp"))
            Data.Add(folder);
        if (Has("final.mdl"))
            Models.Add(Path.Combine(folder, "final.mdl"));
        if ((Has("HCLG.fst") || Has("HCLG.fst.gz")) && Has("words.txt"))
            Graphs.Add(folder);
        Lexicons.AddRange(LexiconNames.Where(Has).Take(1).Select(name => Path.Combine(folder, name)));
        if (Entries(() => Directory.EnumerateFiles(folder, "ali.*")).Any(IsAlignments))
            Alignments.Add(folder);

        bool Has(string name) => File.Exists(Path.Combine(folder, name));
    }

    private static bool IsAlignments(string path) => Path.GetFileName(path) is var name
        && (name is "ali.gz" or "ali.ark" or "ali.ark.gz" || char.IsAsciiDigit(name[4]));

    // Kaldi's split folders are copies of parts, and its logs are no data.
    private static IEnumerable<string> Children(string folder) => Entries(() => Directory.EnumerateDirectories(folder))
        .Select(child => child.StartsWith("./", StringComparison.Ordinal) ? child[2..] : child)
        .Where(child => Path.GetFileName(child) is var name && name[0] != '.' && name is not ("log" or "q")
            && !(name.StartsWith("split", StringComparison.Ordinal) && name.Length > 5 && char.IsAsciiDigit(name[5])));

    private static List<string> Entries(Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return [];
        }
    }
}
