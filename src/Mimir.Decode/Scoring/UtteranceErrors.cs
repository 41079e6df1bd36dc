using System.Globalization;
using Mimir.Base;

namespace Mimir.Decode.Scoring;

/// <summary>Reads the errors of each utterance from a decoding's <c>per_utt</c>, which <see cref="ScoreReport"/> writes.</summary>
public static class UtteranceErrors
{
    private const string Mark = "#csid";

    /// <summary>Utterances and their errors, in the order of the file.</summary>
    /// <param name="path">The file, in the form of Kaldi's <c>per_utt</c>.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line of counts is malformed, an utterance is repeated, or there is none.</exception>
    public static IReadOnlyList<KeyValuePair<string, ErrorCounts>> Read(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such scores", path);

        var errors = new List<KeyValuePair<string, ErrorCounts>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 2 || fields[1] != Mark)
                continue;
            if (Counts(fields) is not { } counts)
            {
                throw new InputException(
                    $"{path}:{number}: expected 'utterance {Mark} correct substituted inserted missing', got '{line}'");
            }

            if (!seen.Add(fields[0]))
                throw new InputException($"{path}:{number}: expected each utterance once, got '{fields[0]}' again");

            errors.Add(KeyValuePair.Create(fields[0], counts));
        }

        return errors.Count > 0 ? errors : throw new InputException($"{path}: expected lines 'utterance {Mark} …', got none");
    }

    private static ErrorCounts? Counts(string[] fields)
    {
        if (fields.Length != 6)
            return null;

        var numbers = new long[4];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!long.TryParse(fields[i + 2], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return null;
        }

        var (correct, substituted, inserted, missing) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        return new(correct + substituted + missing, inserted, missing, substituted);
    }
}
