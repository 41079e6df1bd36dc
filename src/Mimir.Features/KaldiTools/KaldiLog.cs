using System.Globalization;

namespace Mimir.Features.KaldiTools;

/// <summary>Writes log lines as Kaldi's programs do on their standard error.</summary>
/// <param name="tool">The program's name.</param>
/// <param name="writer">Receives the lines.</param>
public sealed class KaldiLog(string tool, TextWriter writer)
{
    private readonly Lock _gate = new();

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

    // A line of a thread that reads ahead does not cut one of another.
    private void Write(string level, string message)
    {
        lock (_gate)
            writer.WriteLine($"{level} ({tool}) {message}");
    }
}
