using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Augmentation;

/// <summary>
/// Reads the lists of Kaldi's reverberate_data_dir.py: each line has options <c>--name value</c> and a recording, with quotes
/// around values with spaces.
/// </summary>
internal static class RecordingList
{
    /// <summary>One line: its options by name, and the recording.</summary>
    public sealed record Line(string Place, IReadOnlyDictionary<string, string> Options, string Audio)
    {
        /// <summary>The value of a required option.</summary>
        public string Require(string name) => Options.TryGetValue(name, out var value)
            ? value
            : throw new InputException($"{Place}: expected --{name} before '{Audio}'.");

        /// <summary>The probability in the list, or null.</summary>
        public double? Share()
        {
            if (!Options.TryGetValue("probability", out var text))
                return null;

            return double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
                ? share
                : throw new InputException($"{Place}: expected --probability from 0 to 1, got '{text}'.");
        }
    }

    /// <summary>Reads a list.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">The options that a line may have.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line is malformed, or there is none.</exception>
    public static IReadOnlyList<Line> Read(string path, params string[] known)
    {
        var lines = new List<Line>();
        using var text = KaldiInput.OpenText(path);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
                lines.Add(Parse($"{path}:{number}", Words($"{path}:{number}", line), known));
        }

        return lines.Count > 0 ? lines : throw new InputException($"{path}: expected a recording on each line, the file is empty.");
    }

    private static Line Parse(string place, List<string> words, string[] known)
    {
        var options = new Dictionary<string, string>();
        string? audio = null;
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                audio = audio is null
                    ? words[i]
                    : throw new InputException($"{place}: expected one recording, got '{audio}' and '{words[i]}'.");
                continue;
            }

            var pair = words[i][2..].Split('=', 2);
            if (!known.Contains(pair[0]))
                throw new InputException($"{place}: expected one of --{string.Join(", --", known)}, got '{words[i]}'.");
            if (pair.Length == 1 && ++i == words.Count)
                throw new InputException($"{place}: --{pair[0]} has no value.");

            options[pair[0]] = pair.Length == 2 ? pair[1] : words[i];
        }

        return new(place, options, audio ?? throw new InputException($"{place}: expected a recording behind the options."));
    }

    private static List<string> Words(string place, string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var inside = false;
        foreach (var letter in line)
        {
            if (quote is null && char.IsWhiteSpace(letter))
            {
                if (inside)
                    words.Add(word.ToString());

                word.Clear();
                inside = false;
            }
            else if (letter == quote)
            {
                quote = null;
            }
            else if (quote is null && letter is '"' or '\'')
            {
                quote = letter;
                inside = true;
            }
            else
            {
                word.Append(letter);
                inside = true;
            }
        }

        if (quote is not null)
            throw new InputException($"{place}: a quote is opened and not closed.");
        if (inside)
            words.Add(word.ToString());

        return words;
    }
}

/// <summary>A source with its share, in Kaldi's notation: <c>0.3, rir_list</c> or <c>rir_list</c>.</summary>
internal sealed record SourceShare(string Path, double? Share)
{
    /// <summary>Parses a source.</summary>
    /// <exception cref="InputException">The text before the comma is not a share.</exception>
    public static SourceShare Parse(string text)
    {
        var words = text.Split(',', 2);
        if (words.Length == 1)
            return new(text.Trim(), null);

        return double.TryParse(words[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) && share is >= 0 and <= 1
            ? new(words[1].Trim(), share)
            : throw new InputException($"'{text}': expected 'share, path' with a share from 0 to 1, or a path.");
    }

    /// <summary>
    /// Smooths shares by Kaldi's rule: sources without a share get equal parts of the rest, given shares are mixed with that
    /// part, and all are scaled to a sum.
    /// </summary>
    public static double[] Smooth(IReadOnlyList<double?> shares, double smoothing, double sum)
    {
        var unknown = shares.Count(share => share is null);
        var given = shares.Sum(share => share ?? 0);
        var even = unknown > 0 && given < 1 ? (1 - given) / unknown : 0;
        var smooth = shares.Select(share => share is { } known ? ((1 - smoothing) * known) + (smoothing * even) : even).ToArray();
        var total = smooth.Sum();
        return total > 0 ? [.. smooth.Select(share => share / total * sum)] : [.. smooth.Select(_ => sum / smooth.Length)];
    }
}
