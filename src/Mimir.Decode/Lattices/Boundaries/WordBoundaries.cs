using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>The place of a phone in a word.</summary>
public enum PhonePosition
{
    /// <summary>Not known.</summary>
    None,

    /// <summary>Outside words: silence and noise.</summary>
    NonWord,

    /// <summary>The first of several phones.</summary>
    Begin,

    /// <summary>The last of several phones.</summary>
    End,

    /// <summary>The only phone.</summary>
    Singleton,

    /// <summary>Between the first and the last.</summary>
    Internal,
}

/// <summary>The places of phones in words: a language's <c>word_boundary.int</c>.</summary>
public sealed class WordBoundaries
{
    private readonly Dictionary<int, PhonePosition> _positions = [];

    /// <summary>Reads lines of a phone's number and begin, end, singleton, internal or nonword.</summary>
    /// <param name="path">The file.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="InputException">A line is malformed, or there is none.</exception>
    public static WordBoundaries Read(string path, KaldiIoOptions? io = null)
    {
        var boundaries = new WordBoundaries();
        using var text = KaldiInput.OpenText(path, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || !int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var phone) || phone == 0
                || Position(words[1]) is var position && position == PhonePosition.None)
            {
                throw new InputException(
                    $"{path}:{number}: expected a phone from 1 on and begin, end, singleton, internal or nonword, got '{line}'.");
            }

            boundaries._positions[phone] = position;
        }

        return boundaries._positions.Count > 0
            ? boundaries
            : throw new InputException($"{path}:1: expected the places of phones, got none.");
    }

    /// <summary>The place of a phone.</summary>
    public PhonePosition Of(int phone) => _positions.GetValueOrDefault(phone);

    private static PhonePosition Position(string name) => name switch
    {
        "nonword" => PhonePosition.NonWord,
        "begin" => PhonePosition.Begin,
        "end" => PhonePosition.End,
        "singleton" => PhonePosition.Singleton,
        "internal" => PhonePosition.Internal,
        _ => PhonePosition.None,
    };
}
