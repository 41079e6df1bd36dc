using System.Globalization;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// Files of whole numbers, one a line, such as <c>disambig.int</c> (Kaldi: ReadIntegerVectorSimple), or with colons between them, such
/// as <c>silence.csl</c>.
/// </summary>
public static class IntegerList
{
    /// <summary>Reads the numbers of a file.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A line has something else than one whole number.</exception>
    public static int[] Read(string rxfilename, KaldiIoOptions? io = null)
    {
        using var text = KaldiInput.OpenText(rxfilename, io);
        var numbers = new List<int>();
        for (var line = 1; text.ReadLine() is { } content; line++)
        {
            foreach (var word in content.Split((char[])[' ', '\t', ':'], StringSplitOptions.RemoveEmptyEntries))
            {
                if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                    throw new InputException($"{rxfilename}:{line}: expected a whole number, got '{KaldiReader.Printable(word)}'.");

                numbers.Add(number);
            }
        }

        return [.. numbers];
    }

    /// <summary>Writes numbers, one a line.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string wxfilename, IEnumerable<int> numbers, KaldiIoOptions? io = null) => KaldiOutput.Write(
        wxfilename,
        binary: false,
        writer => writer.WriteText(string.Concat(numbers.Select(number => FormattableString.Invariant($"{number}\n")))),
        io);
}
