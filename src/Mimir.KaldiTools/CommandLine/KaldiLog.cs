using System.Globalization;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>Writes log lines as Kaldi's programs do on their standard error, and a line of progress on a terminal.</summary>
/// <param name="tool">The program's name.</param>
/// <param name="writer">Receives the lines.</param>
/// <param name="isTerminal">True where a line can be overwritten.</param>
public sealed class KaldiLog(string tool, TextWriter writer, bool isTerminal = false)
{
    private const string EraseLine = "\r\e[K";

    private bool _showsProgress;

    /// <summary>Gets the level of logging: <c>--verbose</c>.</summary>
    public int Verbose { get; internal set; }

    /// <summary>Formats a number as C++ streams print it: by default with 6 significant digits.</summary>
    public static string Number(double value, int digits = 6) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString($"g{digits}", CultureInfo.InvariantCulture),
    };

    /// <summary>Formats numbers as C++ stream iterators print them: a space after each.</summary>
    public static string Numbers(IEnumerable<double> values) => string.Concat(values.Select(value => Number(value) + " "));

    /// <summary>Formats a vector as Kaldi prints it, with its line break.</summary>
    public static string Vector(IEnumerable<double> values) => $" [ {Numbers(values)}]\n";

    /// <summary>Logs a result.</summary>
    public void Log(string message) => Write("LOG", message);

    /// <summary>Logs a detail, with <c>--verbose=1</c> or more.</summary>
    public void Detail(string message)
    {
        if (Verbose >= 1)
            Write("VLOG[1]", message);
    }

    /// <summary>Logs something skipped or suspicious.</summary>
    public void Warning(string message) => Write("WARNING", message);

    /// <summary>Logs the error that ends the program.</summary>
    public void Error(string message) => Write("ERROR", message);

    /// <summary>Writes a line without level and name, as Kaldi's programs print words.</summary>
    public void Plain(string message)
    {
        if (_showsProgress)
            Progress("");

        writer.WriteLine(message);
    }

    /// <summary>Shows progress in place of what was shown before; does nothing where there is no terminal.</summary>
    /// <param name="message">One line; an empty one erases the line.</param>
    public void Progress(string message)
    {
        if (!isTerminal)
            return;

        writer.Write($"{EraseLine}{message}");
        _showsProgress = message.Length > 0;
    }

    private void Write(string level, string message)
    {
        if (_showsProgress)
            Progress("");

        writer.WriteLine($"{level} ({tool}) {message}");
    }
}
