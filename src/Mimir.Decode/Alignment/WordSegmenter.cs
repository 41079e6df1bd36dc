using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Alignment;

/// <summary>
/// Finds the words of a sequence of phones: the best path of both through the lexicon. It needs no phones that mark the ends of words.
/// One segmenter serves any number of utterances and threads.
/// </summary>
public sealed class WordSegmenter
{
    private readonly FstArc[][] _arcs;
    private readonly float[] _final;
    private readonly int _start;
    private readonly HashSet<int> _silence;

    /// <summary>Creates a segmenter.</summary>
    /// <param name="lexicon">The lexicon without disambiguation symbols, phones in and words out: Kaldi's <c>L.fst</c>.</param>
    /// <param name="optionalSilence">The phones between words that are of no word: <c>optional_silence.int</c>.</param>
    /// <exception cref="Mimir.Base.InputException">Arcs of the lexicon without a phone form a loop with a negative sum.</exception>
    public WordSegmenter(VectorFst lexicon, IEnumerable<int> optionalSilence)
    {
        _ = lexicon.ToFst(); // which refuses loops that the search would never leave
        _arcs = new FstArc[lexicon.StateCount][];
        _final = new float[lexicon.StateCount];
        for (var state = 0; state < _arcs.Length; state++)
        {
            _arcs[state] = lexicon.Arcs(state).ToArray();
            Array.Sort(_arcs[state], static (a, b) => a.Output.CompareTo(b.Output));
            _final[state] = lexicon.Final(state);
        }

        _start = lexicon.Start;
        _silence = [.. optionalSilence];
    }

    /// <summary>Creates a segmenter of the pronunciations that a lang directory has for its words.</summary>
    /// <param name="entries">The pronunciations; a single phone of word 0 is silence.</param>
    public static WordSegmenter Of(IReadOnlyList<AlignEntry> entries)
    {
        var lexicon = new VectorFst();
        lexicon.Start = lexicon.AddState(0);
        foreach (var entry in entries)
        {
            int[] phones = entry.Phones.Count > 0 ? [.. entry.Phones] : [0];
            var from = lexicon.Start;
            for (var i = 0; i < phones.Length; i++)
            {
                var to = i == phones.Length - 1 ? lexicon.Start : lexicon.AddState();
                lexicon.AddArc(from, new FstArc(phones[i], i == 0 ? entry.Word : 0, 0, to));
                from = to;
            }
        }

        return new(lexicon, entries.Where(entry => entry is { Word: 0, Phones.Count: 1 }).Select(entry => entry.Phones[0]));
    }

    /// <summary>Finds the words.</summary>
    /// <param name="phones">The phones of the alignment.</param>
    /// <param name="words">The words of the alignment's path.</param>
    /// <returns>The words and the silences in order, which together have all phones; null where the lexicon does not have these words
    /// with these phones.</returns>
    public IReadOnlyList<WordSegment>? Split(IReadOnlyList<PhoneSegment> phones, IReadOnlyList<int> words)
    {
        var steps = new List<Step>();
        var places = new Dictionary<(int State, int Words), int>();
        if (_start >= 0)
            Reach(places, steps, new Step(0, -1, _start, 0, false, 0));

        FollowEpsilons(places, steps, words);
        foreach (var phone in phones)
        {
            var next = new Dictionary<(int State, int Words), int>();
            foreach (var from in places.Values)
                Follow(next, steps, from, phone.Phone, words);

            FollowEpsilons(next, steps, words);
            places = next;
        }

        var best = -1;
        var bestCost = double.PositiveInfinity;
        foreach (var ((state, said), step) in places)
        {
            if (said == words.Count && steps[step].Cost + _final[state] < bestCost)
                (best, bestCost) = (step, steps[step].Cost + _final[state]);
        }

        return best < 0 ? null : Segments(steps, best, phones);
    }

    private void FollowEpsilons(Dictionary<(int State, int Words), int> places, List<Step> steps, IReadOnlyList<int> words)
    {
        var queue = new Queue<int>(places.Values);
        while (queue.TryDequeue(out var from))
        {
            if (places[(steps[from].State, steps[from].Words)] != from)
                continue;

            foreach (var reached in Follow(places, steps, from, 0, words))
                queue.Enqueue(reached);
        }
    }

    // Takes the arcs of a phone, 0 for none, that say nothing or the next word.
    private List<int> Follow(
        Dictionary<(int State, int Words), int> places, List<Step> steps, int from, int phone, IReadOnlyList<int> words)
    {
        var (state, said) = (steps[from].State, steps[from].Words);
        var reached = new List<int>();
        Take(0);
        if (said < words.Count)
            Take(words[said]);

        return reached;

        void Take(int word)
        {
            var arcs = _arcs[state];
            for (var arc = FirstOf(arcs, word); arc < arcs.Length && arcs[arc].Output == word; arc++)
            {
                if (arcs[arc].Input != phone)
                    continue;

                var cost = steps[from].Cost + arcs[arc].Weight;
                var step = new Step(cost, from, arcs[arc].Next, said + (word == 0 ? 0 : 1), phone != 0, word);
                if (Reach(places, steps, step))
                    reached.Add(steps.Count - 1);
            }
        }
    }

    private static int FirstOf(FstArc[] arcs, int word)
    {
        var (low, high) = (0, arcs.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (arcs[middle].Output < word)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static bool Reach(Dictionary<(int State, int Words), int> places, List<Step> steps, Step step)
    {
        var place = (step.State, step.Words);
        if (places.TryGetValue(place, out var known) && steps[known].Cost <= step.Cost + EpsilonLoops.Tolerance)
            return false;

        places[place] = steps.Count;
        steps.Add(step);
        return true;
    }

    private List<WordSegment> Segments(List<Step> steps, int last, IReadOnlyList<PhoneSegment> phones)
    {
        var path = new List<Step>();
        for (var step = last; step >= 0; step = steps[step].Previous)
            path.Add(steps[step]);

        path.Reverse();

        // Each word has the phones from its label up to the next one's; optional silence at its end is taken off below.
        List<(int Word, int First)> starts = [(0, 0)];
        var consumed = 0;
        foreach (var step in path)
        {
            if (step.Word != 0)
                starts.Add((step.Word, consumed));

            consumed += step.HasPhone ? 1 : 0;
        }

        var segments = new List<WordSegment>();
        for (var (index, frame) = (0, 0); index < starts.Count; index++)
        {
            var (word, first) = starts[index];
            var end = index + 1 < starts.Count ? starts[index + 1].First : phones.Count;
            var silent = end;
            while (word != 0 && silent > first + 1 && _silence.Contains(phones[silent - 1].Phone))
                silent--;

            Add(word, first, silent, ref frame);
            Add(0, silent, end, ref frame);
        }

        return segments;

        void Add(int word, int first, int end, ref int frame)
        {
            if (first == end && word == 0)
                return;

            var own = phones.Skip(first).Take(end - first).ToArray();
            segments.Add(new WordSegment(word, frame, own.Sum(phone => phone.Frames), own));
            frame += segments[^1].Frames;
        }
    }

    private readonly record struct Step(double Cost, int Previous, int State, int Words, bool HasPhone, int Word);
}
