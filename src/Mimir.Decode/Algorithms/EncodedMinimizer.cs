using System.Runtime.InteropServices;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Algorithms;

/// <summary>
/// Merges the states that have the same ways onward, labels and costs together counting as one label, without pushing costs
/// (Kaldi: fstminimizeencoded). The coarsest such partition is found by refinement: a state's signature is the set of its arcs with the
/// classes they lead to; a class whose members differ in it is split, the largest part keeps its number, and only the states before
/// the other parts are looked at again (Hopcroft's idea of the smaller part; Blom and Orzan, "Distributed state space minimization",
/// 2005, for signatures). Right for transducers that are not deterministic too.
/// </summary>
public sealed class EncodedMinimizer
{
    private readonly VectorFst _fst;
    private readonly ReverseArcs _reverse;
    private readonly int[] _classes;

    // The members of a class stand together; '_places' says where a state stands.
    private readonly int[] _members;
    private readonly int[] _places;
    private readonly List<Range> _ranges = [];
    private readonly List<UInt128> _signatures = [];
    private readonly bool[] _isDirty;
    private List<int> _dirty = [];
    private List<int> _nextDirty = [];
    private ulong[] _hashes = new ulong[16];

    private EncodedMinimizer(VectorFst fst)
    {
        _fst = fst;
        _reverse = new ReverseArcs(fst);
        _classes = new int[fst.StateCount];
        _members = new int[fst.StateCount];
        _places = new int[fst.StateCount];
        _isDirty = new bool[fst.StateCount];
    }

    /// <summary>Minimizes a transducer.</summary>
    /// <param name="fst">The transducer; trimmed, and its arcs in order of labels, afterwards.</param>
    /// <param name="delta">Costs are rounded to multiples of it.</param>
    public static void Apply(VectorFst fst, float delta = 1 / 1024f)
    {
        Quantize(fst, delta);
        Connection.Trim(fst);
        if (fst.Start < 0)
            return;

        var minimizer = new EncodedMinimizer(fst);
        minimizer.PartitionByFinal();
        while (minimizer._dirty.Count > 0)
            minimizer.Refine();

        minimizer.Merge();
    }

    private static void Quantize(VectorFst fst, float delta)
    {
        for (var state = 0; state < fst.StateCount; state++)
        {
            foreach (ref var arc in fst.Arcs(state))
                arc = arc with { Weight = Rounded(arc.Weight) };

            fst.SetFinal(state, Rounded(fst.Final(state)));
        }

        float Rounded(float cost) => float.IsPositiveInfinity(cost) ? cost : MathF.Floor((cost / delta) + 0.5f) * delta;
    }

    private void PartitionByFinal()
    {
        var byFinal = new Dictionary<float, int>();
        var counts = new List<int>();
        for (var state = 0; state < _classes.Length; state++)
        {
            var final = _fst.Final(state);
            if (!byFinal.TryGetValue(final, out var number))
            {
                byFinal.Add(final, number = counts.Count);
                counts.Add(0);
            }

            _classes[state] = number;
            counts[number]++;
            MarkDirty(state);
        }

        var begin = 0;
        var ends = new int[counts.Count];
        for (var number = 0; number < counts.Count; number++)
        {
            ends[number] = begin;
            _ranges.Add(new Range(begin, begin += counts[number]));
            _signatures.Add(0);
        }

        for (var state = 0; state < _classes.Length; state++)
            Place(state, ends[_classes[state]]++);

        (_dirty, _nextDirty) = (_nextDirty, _dirty);
    }

    // One round: the signatures of all states to look at come before any class changes.
    private void Refine()
    {
        var news = new (int Class, UInt128 Signature, int State)[_dirty.Count];
        for (var i = 0; i < news.Length; i++)
        {
            var state = _dirty[i];
            _isDirty[state] = false;
            news[i] = (_classes[state], SignatureOf(state), state);
        }

        _dirty.Clear();
        news.AsSpan().Sort((a, b) => a.Class != b.Class ? a.Class.CompareTo(b.Class)
            : a.Signature != b.Signature ? a.Signature.CompareTo(b.Signature)
            : a.State.CompareTo(b.State));
        for (var begin = 0; begin < news.Length;)
        {
            var end = begin;
            while (end < news.Length && news[end].Class == news[begin].Class)
                end++;

            Split(news.AsSpan(begin..end));
            begin = end;
        }

        (_dirty, _nextDirty) = (_nextDirty, _dirty);
    }

    // The groups of equal signatures move behind the members that were not looked at, one after the other.
    private void Split(ReadOnlySpan<(int Class, UInt128 Signature, int State)> changed)
    {
        var number = changed[0].Class;
        var (begin, end) = _ranges[number];
        var groups = new List<(Range Range, UInt128 Signature)>();
        var back = end;
        for (var first = changed.Length; first > 0;)
        {
            var last = first;
            var signature = changed[first - 1].Signature;
            while (first > 0 && changed[first - 1].Signature == signature)
                first--;
            if (changed.Length < end - begin && signature == _signatures[number])
                continue;

            var groupEnd = back;
            for (var i = first; i < last; i++)
                Swap(changed[i].State, --back);

            groups.Add((new Range(back, groupEnd), signature));
        }

        if (back > begin)
            groups.Add((new Range(begin, back), _signatures[number]));

        var largest = groups.MaxBy(group => group.Range.End - group.Range.Begin);
        _ranges[number] = largest.Range;
        _signatures[number] = largest.Signature;
        foreach (var (range, signature) in groups)
        {
            if (range == largest.Range)
                continue;

            for (var place = range.Begin; place < range.End; place++)
            {
                _classes[_members[place]] = _ranges.Count;
                foreach (var from in _reverse.Into(_members[place]))
                    MarkDirty(from);
            }

            _ranges.Add(range);
            _signatures.Add(signature);
        }
    }

    private void MarkDirty(int state)
    {
        if (_isDirty[state])
            return;

        _isDirty[state] = true;
        _nextDirty.Add(state);
    }

    private void Place(int state, int place)
    {
        _members[place] = state;
        _places[state] = place;
    }

    private void Swap(int state, int place)
    {
        var other = _members[place];
        Place(other, _places[state]);
        Place(state, place);
    }

    // The sum of the hashes of the distinct arcs, twice: with 128 bits, two sets of arcs do not agree by chance.
    private UInt128 SignatureOf(int state)
    {
        var arcs = _fst.Arcs(state);
        if (arcs.Length > _hashes.Length)
            _hashes = new ulong[2 * arcs.Length];

        for (var i = 0; i < arcs.Length; i++)
            _hashes[i] = Hash(arcs[i], _classes[arcs[i].Next]);

        var hashes = _hashes.AsSpan(0, arcs.Length);
        hashes.Sort();
        var (low, high, last) = (0UL, 0UL, 0UL);
        for (var i = 0; i < hashes.Length; i++)
        {
            if (i > 0 && hashes[i] == last)
                continue;

            last = hashes[i];
            low += last;
            high += Mix(last ^ 0xD6E8FEB86659FD93UL);
        }

        return new UInt128(high, low);
    }

    private static ulong Hash(in FstArc arc, int target) =>
        Mix(Mix(((ulong)(uint)arc.Input << 32) | (uint)arc.Output)
            + Mix(((ulong)BitConverter.SingleToUInt32Bits(arc.Weight + 0f) << 32) | (uint)target) * 3);

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    // The first state of each class stands for it.
    private void Merge()
    {
        var first = new int[_ranges.Count];
        Array.Fill(first, -1);
        var numbers = new int[_classes.Length];
        var kept = 0;
        for (var state = 0; state < numbers.Length; state++)
        {
            ref var representative = ref first[_classes[state]];
            if (representative < 0)
                representative = state;

            numbers[state] = representative == state ? kept++ : -1;
        }

        var unique = new List<FstArc>();
        for (var state = 0; state < numbers.Length; state++)
        {
            if (numbers[state] < 0)
                continue;

            var arcs = _fst.Arcs(state);
            foreach (ref var arc in arcs)
                arc = arc with { Next = first[_classes[arc.Next]] };

            arcs.Sort(Compare);
            unique.Clear();
            foreach (ref readonly var arc in arcs)
            {
                if (unique.Count == 0 || unique[^1] != arc)
                    unique.Add(arc);
            }

            _fst.SetArcs(state, CollectionsMarshal.AsSpan(unique));
        }

        _fst.Start = first[_classes[_fst.Start]];
        _fst.Renumber(numbers);
    }

    private static int Compare(FstArc a, FstArc b) =>
        a.Input != b.Input ? a.Input.CompareTo(b.Input)
        : a.Output != b.Output ? a.Output.CompareTo(b.Output)
        : a.Weight != b.Weight ? a.Weight.CompareTo(b.Weight)
        : a.Next.CompareTo(b.Next);

    private readonly record struct Range(int Begin, int End);
}
