using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>The questions that a tree may ask about a key.</summary>
/// <param name="Sets">The sets of values, each in rising order; a question is whether the value is in the set.</param>
/// <param name="RefineRounds">How often a question is refined for the place where it is asked; 0 asks as it is.</param>
/// <param name="RefineCandidates">The number of clusters that a refinement considers.</param>
public sealed record KeyQuestions(IReadOnlyList<IReadOnlyList<int>> Sets, int RefineRounds = 0, int RefineCandidates = 2);

/// <summary>The questions that a tree may ask: Kaldi's file <c>questions.qst</c>, as compile-questions writes it.</summary>
public sealed class TreeQuestions
{
    private readonly SortedDictionary<int, KeyQuestions> _byKey = [];

    /// <summary>Creates a list of questions.</summary>
    /// <param name="byKey">The questions about each key.</param>
    /// <exception cref="ArgumentException">A key comes twice, or a set is not in rising order.</exception>
    public TreeQuestions(IEnumerable<KeyValuePair<int, KeyQuestions>> byKey)
    {
        foreach (var (key, questions) in byKey)
        {
            if (questions.Sets.Any(set => set.Zip(set.Skip(1)).Any(pair => pair.First > pair.Second)))
                throw new ArgumentException($"A question about key {key} has values that are not in rising order.", nameof(byKey));
            if (!_byKey.TryAdd(key, questions))
                throw new ArgumentException($"Key {key} has two lists of questions.", nameof(byKey));
        }
    }

    /// <summary>Gets the questions about each key, in rising order of the keys.</summary>
    public IReadOnlyDictionary<int, KeyQuestions> ByKey => _byKey;

    /// <summary>Makes questions about all phones of the window, and about the state of the phone (Kaldi: compile-questions).</summary>
    /// <param name="topology">The topology of all phones.</param>
    /// <param name="phoneSets">Sets of phones.</param>
    /// <param name="contextWidth">The number of phones in the window.</param>
    /// <param name="refineRounds">How often a question is refined where it is asked.</param>
    /// <param name="log">Receives results and warnings.</param>
    /// <exception cref="InputException">A set has a phone twice, or a phone that has no topology.</exception>
    public static TreeQuestions Compile(
        HmmTopology topology, IReadOnlyList<IReadOnlyList<int>> phoneSets, int contextWidth, int refineRounds, TreeLog log)
    {
        int[][] sets = [.. phoneSets.Select(set => set.Order().ToArray())];
        if (sets.FirstOrDefault(set => set.Distinct().Count() < set.Length) is { } wrong)
            throw new InputException($"the question '{string.Join(' ', wrong)}' has a phone twice.");

        int[][] unique = [.. sets.DistinctBy(set => string.Join(' ', set)).Order(Comparer<int[]>.Create(
            (first, second) => first.AsSpan().SequenceCompareTo(second)))];
        if (unique.Length < sets.Length)
            log.Warning($"{sets.Length - unique.Length} duplicate questions present");

        CheckPhones(topology, unique, log);
        var classes = topology.Phones.Max(topology.PdfClassCountOf);
        log.Result($"Max # pdf classes is {classes}");
        var questions = new Dictionary<int, KeyQuestions>();
        for (var position = 0; position < contextWidth; position++)
        {
            log.Result($"Setting questions for phonetic-context position {position}");
            questions.Add(position, new KeyQuestions(unique, refineRounds));
        }

        // The first states against the rest: [0], [0 1] … .
        int[][] states = [.. Enumerable.Range(1, classes - 1).Select(count => Enumerable.Range(0, count).ToArray())];
        log.Result($"Setting questions for hmm-position [hmm-position ranges from 0 to {classes - 1}]");
        questions.Add(ContextDependency.PdfClassKey, new KeyQuestions(states, refineRounds));
        return new TreeQuestions(questions);
    }

    /// <summary>Reads questions, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It has no compiled questions.</exception>
    public static TreeQuestions Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, ReadQuestions, "list of compiled questions");

    /// <summary>Writes the questions as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary or text.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, WriteQuestions, io);

    private static void CheckPhones(HmmTopology topology, int[][] sets, TreeLog log)
    {
        var asked = sets.SelectMany(set => set).ToHashSet();
        if (asked.Except(topology.Phones).Cast<int?>().FirstOrDefault() is { } unknown)
            throw new InputException($"a question asks about phone {unknown}, which has no topology.");

        var missing = topology.Phones.Where(phone => !asked.Contains(phone)).ToList();
        if (missing.Count > 0)
            log.Warning($"ProcessTopo: no question asks about the phones {string.Join(' ', missing)}, which the topology has");
    }

    private static TreeQuestions ReadQuestions(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<Questions>");
        List<KeyValuePair<int, KeyQuestions>> questions = [];
        while (reader.ReadToken() is var token && token != "</Questions>")
        {
            if (token != "<Key>")
                throw reader.Error($"expected <Key> or </Questions>, got '{KaldiReader.Printable(token)}'.");

            var key = reader.ReadInt(binary);
            reader.ExpectToken("<QuestionsForKey>");

            // The list grows with what is read, so that a damaged count allocates nothing.
            List<IReadOnlyList<int>> sets = [];
            for (var left = reader.ReadInt(binary); left > 0; left--)
                sets.Add(reader.ReadIntVector(binary));

            reader.ExpectToken("<RefineClustersOptions>");
            var (rounds, candidates) = (reader.ReadInt(binary), reader.ReadInt(binary));
            reader.ExpectToken("</RefineClustersOptions>");
            reader.ExpectToken("</QuestionsForKey>");
            if (sets.Any(set => set.Any(value => value < 0)))
                throw reader.Error("expected questions about values from 0, one is negative.");

            questions.Add(new(key, new KeyQuestions(sets, rounds, candidates)));
        }

        try
        {
            return new TreeQuestions(questions);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    private void WriteQuestions(KaldiWriter writer)
    {
        writer.WriteToken("<Questions>");
        foreach (var (key, questions) in _byKey)
        {
            writer.WriteToken("<Key>");
            writer.WriteInt(key);
            writer.WriteToken("<QuestionsForKey>");
            writer.WriteInt(questions.Sets.Count);
            foreach (var set in questions.Sets)
                writer.WriteIntVector([.. set]);

            writer.WriteToken("<RefineClustersOptions>");
            writer.WriteInt(questions.RefineRounds);
            writer.WriteInt(questions.RefineCandidates);
            writer.WriteToken("</RefineClustersOptions>");
            writer.WriteToken("</QuestionsForKey>");
        }

        writer.WriteToken("</Questions>");
    }
}
