using System.Globalization;
using Mimir.Base;

namespace Mimir.Kaldi.Nnet1.Prototypes;

/// <summary>A line of a prototype: a component, its sizes, and options of its own.</summary>
internal sealed class PrototypeLine
{
    private readonly string _place;
    private readonly string[] _words;
    private int _next;

    /// <summary>Reads the component and its sizes.</summary>
    /// <param name="text">The line.</param>
    /// <param name="place">File and line, for messages.</param>
    /// <exception cref="InputException">It does not begin with a component and positive sizes.</exception>
    public PrototypeLine(string text, string place)
    {
        _place = place;
        _words = text.Replace("[", " [ ", StringComparison.Ordinal).Replace("]", " ] ", StringComparison.Ordinal)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Marker = Word();
        Expect("<InputDim>");
        InputDim = Int();
        Expect("<OutputDim>");
        OutputDim = Int();
        if (InputDim <= 0 || OutputDim <= 0)
            throw Error($"expected positive sizes, got {OutputDim} outputs of {InputDim} inputs");
    }

    /// <summary>Gets the component, with angle brackets.</summary>
    public string Marker { get; }

    /// <summary>Gets the size of the input.</summary>
    public int InputDim { get; }

    /// <summary>Gets the size of the output.</summary>
    public int OutputDim { get; }

    /// <summary>Reads the options up to the end of the line.</summary>
    /// <param name="known">An action for each option, by its name without angle brackets, that reads the value.</param>
    public void ReadOptions(IReadOnlyDictionary<string, Action> known)
    {
        while (_next < _words.Length)
        {
            var word = Word();
            if (word.Length < 3 || word[0] != '<' || word[^1] != '>' || !known.TryGetValue(word[1..^1], out var read))
            {
                var names = known.Count == 0 ? "the end of the line" : $"one of <{string.Join(">, <", known.Keys)}>";
                throw Error($"expected {names}, got '{word}'");
            }

            read();
        }
    }

    public string Word() => _next < _words.Length ? _words[_next++] : throw Error("expected more, the line ends");

    public int Int() => ParseInt(Word());

    public float Float()
    {
        var word = Word();
        return float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw Error($"expected a number, got '{word}'");
    }

    public bool Bool() => Word() switch
    {
        "T" => true,
        "F" => false,
        var word => throw Error($"expected T or F, got '{word}'"),
    };

    /// <summary>Reads words up to an end token or the end of the line.</summary>
    public List<string> WordsUntil(params string[] ends)
    {
        var words = new List<string>();
        while (_next < _words.Length)
        {
            var word = Word();
            if (ends.Contains(word))
                break;

            words.Add(word);
        }

        return words;
    }

    /// <summary>Reads integers in brackets.</summary>
    public int[] Ints() => Bracketed(Int);

    /// <summary>Reads numbers in brackets.</summary>
    public float[] Floats() => Bracketed(Float);

    /// <summary>Parses integers with separators between them.</summary>
    public int[] Separated(string word, params char[] separators) => Array.ConvertAll(word.Split(separators), ParseInt);

    /// <summary>Makes an exception that names the file and the line.</summary>
    public InputException Error(string message) => new($"{_place}: {Marker} {message}.");

    private T[] Bracketed<T>(Func<T> read)
    {
        Expect("[");
        var values = new List<T>();
        while (_next < _words.Length && _words[_next] != "]")
            values.Add(read());

        Expect("]");
        return [.. values];
    }

    private void Expect(string expected)
    {
        var word = Word();
        if (word != expected)
            throw Error($"expected {expected}, got '{word}'");
    }

    private int ParseInt(string word) => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw Error($"expected a whole number, got '{word}'");
}
