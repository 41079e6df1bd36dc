using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>The alignments of a set of utterances: a transition-id for each frame.</summary>
public sealed partial class AlignmentSet
{
    private readonly Dictionary<string, int[]> _transitions;
    private readonly int[] _pdfs;

    private AlignmentSet(TransitionModel model, Dictionary<string, int[]> transitions)
    {
        Model = model;
        _transitions = transitions;
        _pdfs = model.ToPdfMap();
    }

    /// <summary>Gets the model of the transition-ids.</summary>
    public TransitionModel Model { get; }

    /// <summary>Gets the number of utterances.</summary>
    public int Count => _transitions.Count;

    /// <summary>Gets the utterances in the order of the files.</summary>
    public IReadOnlyCollection<string> Utterances => _transitions.Keys;

    /// <summary>Reads alignments.</summary>
    /// <param name="source">A folder with <c>ali.1.gz</c>, <c>ali.2.gz</c> … (or uncompressed <c>ali.1</c>, <c>ali.ark</c>, or one
    /// <c>ali.gz</c>); a pattern such as <c>exp/ali.*.gz</c>; one archive; or a table such as <c>ark:FILE</c>.</param>
    /// <param name="model">The model that made the alignments.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A transition-id is not the model's, an utterance comes twice, or a file is damaged.</exception>
    public static AlignmentSet Read(string source, TransitionModel model)
    {
        var alignments = new Dictionary<string, int[]>();
        foreach (var (utterance, transitions) in ReadEach(source, model))
            alignments.Add(utterance, transitions);

        return new AlignmentSet(model, alignments);
    }

    /// <summary>Reads alignments one after another, for sets that do not fit into memory.</summary>
    /// <inheritdoc cref="Read"/>
    /// <returns>Each utterance once, with its transition-ids <c>[T]</c>.</returns>
    public static IEnumerable<KeyValuePair<string, int[]>> ReadEach(string source, TransitionModel model)
    {
        var places = new Dictionary<string, string>();
        var tables = Rspecifier.IsTable(source) ? [source] : FilesOf(source).Select(file => $"ark:{file}");
        foreach (var table in tables)
        {
            foreach (var entry in KaldiTables.IntVector.Read(table))
            {
                var (utterance, transitions) = entry;
                var wrong = Array.FindIndex(transitions, id => id < 1 || id > model.TransitionCount);
                if (wrong >= 0)
                {
                    throw new InputException(
                        $"{table[4..]}: utterance '{utterance}', frame {wrong}: expected a transition-id from 1 to "
                        + $"{model.TransitionCount}, got {transitions[wrong]}; are the alignments of another model?");
                }

                if (!places.TryAdd(utterance, table[4..]))
                    throw new InputException($"{table[4..]}: utterance '{utterance}' comes twice, first in {places[utterance]}.");

                yield return entry;
            }
        }
    }

    /// <summary>Tests for the alignment of an utterance.</summary>
    public bool Contains(string utterance) => _transitions.ContainsKey(utterance);

    /// <summary>Returns the transition-ids of an utterance, <c>[T]</c>.</summary>
    /// <exception cref="ArgumentException">The utterance is not aligned.</exception>
    public ReadOnlySpan<int> TransitionsOf(string utterance) => Find(utterance);

    /// <summary>Returns the distributions of an utterance, <c>[T]</c>, from 0.</summary>
    /// <exception cref="ArgumentException">The utterance is not aligned.</exception>
    public int[] PdfsOf(string utterance) => Array.ConvertAll(Find(utterance), id => _pdfs[id]);

    /// <summary>Finds the distributions of an utterance; false when it is not aligned.</summary>
    public bool TryGetPdfs(string utterance, [NotNullWhen(true)] out int[]? pdfs)
    {
        pdfs = Contains(utterance) ? PdfsOf(utterance) : null;
        return pdfs is not null;
    }

    /// <summary>The archives that a folder, a pattern or a file means.</summary>
    /// <param name="source">As of <see cref="Read"/>, but no table.</param>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static IReadOnlyList<string> FilesOf(string source)
    {
        if (File.Exists(source))
            return [source];

        foreach (var files in Directory.Exists(source) ? FilesInFolder(source) : [FilesOfPattern(source)])
        {
            if (files.Count > 0)
                return [.. files.OrderBy(file => Digits().Replace(file, digits => digits.Value.PadLeft(12, '0')), StringComparer.Ordinal)];
        }

        throw new FileNotFoundException(
            $"{source}: no alignments; expected a folder with ali.1.gz, ali.2.gz ..., a pattern, or an archive.", source);
    }

    // The jobs' archives, compressed or not, or else a single one.
    private static IEnumerable<List<string>> FilesInFolder(string folder)
    {
        var all = Directory.GetFiles(folder, "ali.*");
        yield return JobsOf(folder, ".gz", [.. all.Where(file => CompressedJob().IsMatch(file))]);
        yield return JobsOf(folder, "", [.. all.Where(file => PlainJob().IsMatch(file))]);
        yield return [.. all.Where(IsSingleArchive).Take(1)];
    }

    // The jobs are numbered from 1; Kaldi writes their number beside them.
    private static List<string> JobsOf(string folder, string ending, List<string> files)
    {
        if (files.Count == 0)
            return files;

        var numberFile = Path.Combine(folder, "num_jobs");
        var found = files.Select(file => long.TryParse(Digits().Match(Path.GetFileName(file)).Value, out var job) ? job : 0).ToHashSet();
        var highest = found.Max();
        var jobs = File.Exists(numberFile) && int.TryParse(File.ReadAllText(numberFile).Trim(), out var written) ? written : highest;
        for (long job = 1; job <= jobs; job++)
        {
            if (!found.Contains(job))
            {
                throw new InputException(
                    $"{folder}: ali.{job}{ending} is missing, there are {Math.Max(jobs, highest)} jobs; make it, or name the files.");
            }
        }

        return highest == jobs
            ? files
            : throw new InputException(
                $"{folder}: ali.{highest}{ending} is left of another run, as num_jobs says {jobs}; take it away, or name the files.");
    }

    private static bool IsSingleArchive(string file) =>
        Path.GetFileName(file) is "ali.gz" or "ali.ark" or "ali.txt" or "ali.ark.gz" or "ali.txt.gz";

    private static List<string> FilesOfPattern(string pattern)
    {
        var place = Path.GetDirectoryName(pattern) is { Length: > 0 } parent ? parent : ".";
        var name = Path.GetFileName(pattern);
        return name.Length > 0 && Directory.Exists(place) ? [.. Directory.GetFiles(place, name)] : [];
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"[/\\]ali\.\d+\.gz$")]
    private static partial Regex CompressedJob();

    [GeneratedRegex(@"[/\\]ali\.\d+$")]
    private static partial Regex PlainJob();

    private int[] Find(string utterance) => _transitions.TryGetValue(utterance, out var transitions)
        ? transitions
        : throw new ArgumentException($"Utterance '{utterance}' has no alignment.", nameof(utterance));
}
