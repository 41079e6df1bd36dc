using System.Globalization;

namespace Mimir.KaldiTools;

/// <summary>Writes log lines as Kaldi's programs do on their standard error, and a line of progress on a terminal.</summary>
/// <param name="tool">The program's name.</param>
/// <param name="writer">Receives the lines.</param>
/// <param name="isTerminal">Whether a line can be written over.</param>
public sealed class KaldiLog(string tool, TextWriter writer, bool isTerminal = false)
{
    private const string EraseLine = "\r\e[K";

    private bool _showsProgress;

    /// <summary>A number as Kaldi's log lines have it: 6 significant digits.</summary>
    public static string Number(double value) => double.IsFinite(value)
        ? value.ToString("g6", CultureInfo.InvariantCulture)
        : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    /// <summary>Tells what was done.</summary>
    public void Log(string message) => Write("LOG", message);

    /// <summary>Tells what was passed over.</summary>
    public void Warning(string message) => Write("WARNING", message);

    /// <summary>Tells why the program ends.</summary>
    public void Error(string message) => Write("ERROR", message);

    /// <summary>Tells how far the work is, in place of what was told before; nothing where there is no terminal.</summary>
    /// <param name="message">One line; empty takes the line away.</param>
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
