using System.Globalization;
using Mimir.Base;

namespace Mimir.Train.Surveys;

/// <summary>The sets, alignments and graphs that a folder has for a run, and what is missing.</summary>
public sealed class DataSurvey
{
    private readonly List<string> _notes = [];

    private DataSurvey(IReadOnlyList<string> folders) => Folders = string.Join(" ", folders);

    /// <summary>Gets the folders that were looked through, with spaces.</summary>
    public string Folders { get; }

    /// <summary>Gets what is missing or doubtful, a line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Gets the training set.</summary>
    internal FoundSet Train { get; private set; } = null!;

    /// <summary>Gets the cross-validation set; null when it is to be held out of the training set.</summary>
    internal FoundSet? Validation { get; private set; }

    /// <summary>Gets a development set without alignments, on which weights can be chosen; null without one.</summary>
    internal FoundSet? Development { get; private set; }

    /// <summary>Gets the test sets.</summary>
    internal IReadOnlyList<FoundSet> Tests { get; private set; } = [];

    /// <summary>Gets the other data directories.</summary>
    internal IReadOnlyList<string> Others { get; private set; } = [];

    /// <summary>Gets the alignments of the training set; null when none were found.</summary>
    internal FoundAlignments? TrainAlignments { get; private set; }

    /// <summary>Gets the alignments of the cross-validation set.</summary>
    internal FoundAlignments? ValidationAlignments { get; private set; }

    /// <summary>Gets the graphs; the first is the one to take.</summary>
    internal IReadOnlyList<string> Graphs { get; private set; } = [];

    /// <summary>Gets the lexicon with the most lines; null when none was found.</summary>
    internal string? Lexicon { get; private set; }

    /// <summary>True when alignments and graph can be made from audio and text.</summary>
    internal bool CanStart => TrainAlignments is null && Train is { HasText: true, HasAudio: true, AudioProblem: null };

    /// <summary>Gets every set that is used.</summary>
    internal IEnumerable<FoundSet> Sets => new[] { Train, Validation, Development }.OfType<FoundSet>().Concat(Tests);

    /// <summary>Looks through folders.</summary>
    /// <param name="folders">Kaldi data directories, alignments and graphs, or folders above them.</param>
    /// <exception cref="InputException">There is no data directory.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static DataSurvey Of(IReadOnlyList<string> folders)
    {
        if (folders.FirstOrDefault(File.Exists) is { } file)
            throw new InputException($"{file}: this is a file, expected a folder");
        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new DirectoryNotFoundException($"{missing}: there is no such folder");

        var survey = new DataSurvey(folders);
        var found = DataFolders.Find(folders);
        var sets = survey.ReadAll(found.Data, FoundSet.Read);
        if (sets.Count == 0)
        {
            throw new InputException(
                $"{survey.Folders}: no Kaldi data directory is here or below it (one with wav.scp or feats.scp)"
                + string.Concat(survey._notes.Select(note => $"; {note}")));
        }

        var alignments = survey.ReadAll(found.Alignments, path => FoundAlignments.Read(path, found.Models));
        survey.Choose(sets, alignments);
        survey.ChooseGraph(found.Graphs);
        survey.Lexicon = found.Lexicons.MaxBy(path => new FileInfo(path).Length);
        survey.Remark();
        return survey;
    }

    /// <summary>The sets, alignments and graph that were found, a line each.</summary>
    public IEnumerable<string> Lines()
    {
        yield return Line("train", Train, TrainAlignments);
        if (Validation is { } validation)
            yield return Line("cv", validation, ValidationAlignments);
        if (Development is { } development)
            yield return Line("dev", development, null);
        foreach (var test in Tests)
            yield return Line("test", test, null);
        if (Graphs.Count > 0)
            yield return $"graph  {Graphs[0]}";
        foreach (var other in Others)
            yield return $"other  {other}: not used";
    }

    private void Choose(List<FoundSet> sets, List<FoundAlignments> alignments)
    {
        // Of train, train_sp and train_small the one that has alignments and the plainest name.
        Train = sets.OrderByDescending(set => set.Part == SetPart.Train)
            .ThenByDescending(set => sets.Count > 1 && set.Part == SetPart.Unknown)
            .ThenByDescending(set => Best(alignments, set) is not null)
            .ThenBy(set => Path.GetFileName(set.Folder).Length)
            .First();
        TrainAlignments = Best(alignments, Train);
        var used = Train.Utterances.Select(utterance => utterance.Id).ToHashSet(StringComparer.Ordinal);
        var apart = sets.Where(set => !set.Utterances.Any(utterance => used.Contains(utterance.Id))).ToList();
        var validations = apart.Where(set => set.Part == SetPart.Validation).OrderBy(set => Path.GetFileName(set.Folder).Length).ToList();
        Validation = validations.FirstOrDefault(set => Best(alignments, set) is not null);
        ValidationAlignments = Validation is null ? null : Best(alignments, Validation);
        Development = Validation is null ? validations.FirstOrDefault() : null;
        Tests = [.. apart.Where(set => set.Part == SetPart.Test).DistinctBy(NameOf)];
        Others = [.. sets.Except(Sets).Select(set => set.Folder)];
    }

    private static FoundAlignments? Best(List<FoundAlignments> alignments, FoundSet set) => alignments
        .Where(candidate => candidate.Count(set) > 0)
        .OrderByDescending(candidate => candidate.Count(set))
        .ThenByDescending(candidate => candidate.Classes is not null)
        .FirstOrDefault();

    private void ChooseGraph(List<string> graphs) => Graphs =
    [
        .. graphs.OrderByDescending(graph => TrainAlignments?.Classes is { } classes && classes == Classes(graph))
            .ThenByDescending(graph => FoundAlignments.Shared(graph, Train.Folder))
            .ThenBy(graph => graph.Length),
    ];

    private static int? Classes(string graph) => Path.Combine(graph, "num_pdfs") is var file && File.Exists(file)
        && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var count) ? count : null;

    private void Remark()
    {
        foreach (var set in Sets.Where(set => set.AudioProblem is not null))
            _notes.Add($"{set.Folder}: {set.AudioProblem}");
        if (CanStart)
        {
            _notes.Add(
                $"{Train.Folder}: no alignments were found below {Folders}; the recipe's section 'start' makes them from audio and text");
        }
        else if (TrainAlignments is null)
        {
            _notes.Add(
                $"{Train.Folder}: no alignments were found below {Folders}; "
                + "name their folder in the recipe (mimir align, or steps/align_si.sh, makes it)");
        }
        else if (TrainAlignments.Classes is null)
        {
            _notes.Add($"{TrainAlignments.Folder}: no final.mdl was found that fits; name it in the recipe");
        }

        if (Sets.SelectMany(set => set.Rates).Distinct().ToList() is { Count: > 1 } rates)
            _notes.Add($"the sets have recordings of {string.Join(" and ", rates)} Hz; a model takes one rate");
        if (Graphs.Count == 0 && !CanStart)
            _notes.Add($"no decoding graph (HCLG.fst and words.txt) was found below {Folders}; without one there is no error rate");
        foreach (var test in Tests.Where(test => !test.HasText && Graphs.Count > 0))
            _notes.Add($"{test.Folder}: no text; it is decoded without an error rate");
    }

    private List<T> ReadAll<T>(IEnumerable<string> paths, Func<string, T> read)
    {
        var all = new List<T>();
        foreach (var path in paths)
        {
            try
            {
                all.Add(read(path));
            }
            catch (Exception error) when (UserError.Describe(error) is { } problem)
            {
                _notes.Add($"{path} is left out: {problem}");
            }
        }

        return all;
    }

    /// <summary>The name of a test set in the recipe.</summary>
    internal static string NameOf(FoundSet set) =>
        string.Concat(Path.GetFileName(set.Folder.TrimEnd('/')).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));

    private static string Line(string name, FoundSet set, FoundAlignments? alignments)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{set.Utterances.Count:#,0} utterances") };
        parts.AddRange(set.Rates.Select(rate => $"{rate} Hz"));
        if (!set.HasAudio)
            parts.Add("features, no audio");
        parts.Add(set.HasText ? "text" : "no text");
        if (alignments is not null)
            parts.Add($"alignments {alignments.Folder}");
        return $"{name,-6} {set.Folder}: {string.Join(", ", parts)}";
    }
}
