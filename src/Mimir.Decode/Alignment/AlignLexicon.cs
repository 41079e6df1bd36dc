using System.Globalization;
using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Graphs;

namespace Mimir.Decode.Alignment;

/// <summary>Kaldi's <c>align_lexicon.int</c>: the pronunciations of words with the phones that lattices have.</summary>
public static class AlignLexicon
{
    /// <summary>Makes an aligner of words.</summary>
    /// <param name="file">A line a pronunciation: the word, the word to show, phones. Those of word 0 are silence.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has another form.</exception>
    public static WordAligner Read(string file)
    {
        var lexicon = new VectorFst();
        lexicon.Start = lexicon.AddState(0);
        var (silence, number) = (new HashSet<int>(), 0);
        foreach (var line in TextLineReader.ReadLines(file))
        {
            number++;
            var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;

            var numbers = Array.ConvertAll(
                fields, field => int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1);
            if (numbers.Length < 3 || numbers.Contains(-1) || numbers.AsSpan(2).Contains(0))
                throw new InputException($"{file}:{number}: expected 'word word phone phone …' in numbers, got '{line}'");

            Add(lexicon, numbers[0], numbers.AsSpan(2));
            if (numbers is [0, _, var phone])
                silence.Add(phone);
        }

        return new(lexicon, silence);
    }

    private static void Add(VectorFst lexicon, int word, ReadOnlySpan<int> phones)
    {
        var from = lexicon.Start;
        for (var i = 0; i < phones.Length; i++)
        {
            var to = i == phones.Length - 1 ? lexicon.Start : lexicon.AddState();
            lexicon.AddArc(from, new FstArc(phones[i], i == 0 ? word : 0, 0, to));
            from = to;
        }
    }
}
