using System.Globalization;
using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Language;

/// <summary>Receives the n-grams of an ARPA file in its order.</summary>
internal interface IArpaSink
{
    /// <summary>The header was read.</summary>
    /// <param name="counts">How many n-grams the file says it has, by order.</param>
    void Begin(IReadOnlyList<int> counts);

    /// <summary>An n-gram.</summary>
    /// <param name="words">The labels of its words.</param>
    /// <param name="logProbability">The logarithm to base 10 of its probability.</param>
    /// <param name="backoff">The logarithm to base 10 of its backoff weight; 0 where the file has none.</param>
    void Add(ReadOnlySpan<int> words, float logProbability, float backoff);
}

/// <summary>Reads language models in ARPA's text format.</summary>
/// <remarks>
/// Lines before <c>\data\</c> are passed over. Every line must have the form that its section asks for, no section may have more
/// n-grams than the header says, and <c>\end\</c> must be there. A probability of <c>-inf</c> counts as 1e-99.
/// </remarks>
/// <param name="name">The name of the file in messages.</param>
/// <param name="words">The words and their labels.</param>
/// <param name="addsWords">True where words that the table lacks are added to it; otherwise their n-grams are passed over, with a
/// warning.</param>
/// <param name="warn">Receives warnings, with the line.</param>
/// <param name="progress">Receives the names of the sections; null for nobody.</param>
internal sealed class ArpaReader(
    string name, SymbolTable words, bool addsWords, Action<string> warn, Action<string>? progress = null)
{
    private const int MaxOrder = 16;
    private const float Zero = -99;

    private readonly List<int> _counts = [];
    private readonly int[] _labels = new int[MaxOrder];
    private readonly Range[] _fields = new Range[MaxOrder + 4];
    private TextLineReader? _lines;
    private string? _line;
    private int _number;

    /// <summary>Gets the place of the line that was read last, for messages.</summary>
    public string Place => $"{name}:{_number}";

    /// <summary>Reads a file.</summary>
    /// <param name="path">A path, perhaps of a <c>.gz</c> file, or another of Kaldi's extended file names.</param>
    /// <param name="sink">Receives the n-grams.</param>
    /// <param name="io">What may be opened.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not in the format; the message has the line.</exception>
    public void Read(string path, IArpaSink sink, KaldiIoOptions? io = null)
    {
        using (_lines = KaldiInput.OpenText(path, io))
        {
            ReadHeader();
            sink.Begin(_counts);
            for (var order = 1; order <= _counts.Count; order++)
                ReadSection(order, sink);

            if (_line?.TrimEnd() != @"\end\")
                throw Expected(@"'\end\'");
        }
    }

    /// <summary>Makes an exception that names the line that was read last.</summary>
    /// <param name="what">What was expected.</param>
    public InputException Expected(string what) => new(_line is null
        ? $"{Place}: expected {what}, got the end of the file: is it cut?"
        : $"{Place}: expected {what}, got '{(_line.Length > 80 ? _line[..80] + "…" : _line)}'");

    private bool Next()
    {
        _line = _lines!.ReadLine();
        _number++;
        return _line is not null;
    }

    private void ReadHeader()
    {
        while (Next() && _line!.TrimEnd() != @"\data\")
        {
        }

        if (_line is null)
            throw Expected(@"a language model in ARPA's format with a line '\data\'");

        progress?.Invoke(@"Reading \data\ section.");
        while (Next() && !_line!.StartsWith('\\'))
        {
            if (string.IsNullOrWhiteSpace(_line))
                continue;

            var parts = _line.Split('=', 2);
            if (parts.Length != 2 || !parts[0].TrimStart().StartsWith("ngram ", StringComparison.Ordinal)
                || !int.TryParse(parts[0].AsSpan().Trim()[6..], CultureInfo.InvariantCulture, out var order)
                || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var count) || count < 0)
            {
                throw Expected("'ngram ORDER=COUNT'");
            }

            if (order != _counts.Count + 1 || order > MaxOrder)
                throw Expected($"the number of n-grams of order {_counts.Count + 1} (at most {MaxOrder})");

            _counts.Add(count);
        }

        if (_counts.Count == 0)
            throw Expected("'ngram 1=COUNT'");
    }

    private void ReadSection(int order, IArpaSink sink)
    {
        if (_line?.TrimEnd() != $"\\{order}-grams:")
            throw Expected($"'\\{order}-grams:'");

        progress?.Invoke($"Reading \\{order}-grams: section.");
        var count = 0;
        while (Next())
        {
            if (_line!.StartsWith('\\'))
                break;

            if (string.IsNullOrWhiteSpace(_line))
                continue;

            if (++count > _counts[order - 1])
                throw Expected($"{_counts[order - 1]} n-grams of order {order}, as the header says, and no more");

            ReadEntry(order, sink);
        }

        if (count < _counts[order - 1] && _line is not null)
            warn($"{Place}: the header says {_counts[order - 1]} n-grams of order {order}, there are {count}");
    }

    private void ReadEntry(int order, IArpaSink sink)
    {
        var line = _line.AsSpan();
        var count = line.SplitAny(_fields, [' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (count < order + 1 || count > order + (order == _counts.Count ? 1 : 2))
        {
            throw Expected(order == _counts.Count
                ? $"a probability and {order} words"
                : $"a probability, {order} words and perhaps a backoff");
        }

        var logProbability = Number(line[_fields[0]]);
        var backoff = count > order + 1 ? Number(line[_fields[order + 1]]) : 0;
        for (var i = 0; i < order; i++)
        {
            var word = line[_fields[i + 1]];
            var label = words.Find(word);
            if (label < 0 && addsWords)
                label = words.Add(word.ToString());

            if (label < 0)
            {
                warn($"{Place} [{_line}] skipped: word '{word}' not in symbol table");
                return;
            }

            if (label == 0)
                throw Expected($"words, not '{word}', which stands for no word");

            _labels[i] = label;
        }

        sink.Add(_labels.AsSpan(0, order), logProbability, backoff);
    }

    private float Number(ReadOnlySpan<char> text)
    {
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || float.IsNaN(number) || float.IsPositiveInfinity(number))
        {
            throw Expected($"logarithms of probabilities, not '{text}'");
        }

        return float.IsNegativeInfinity(number) ? Zero : number;
    }
}
