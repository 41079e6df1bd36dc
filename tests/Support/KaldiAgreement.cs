using System.Globalization;

namespace Mimir.Tests.Support;

/// <summary>
/// Collects how far Mimir is from Kaldi, tool by tool, in <c>docs/kaldi-agreement.md</c>. A golden test calls
/// <see cref="Record"/> once, after it has compared everything and before it asserts:
/// <code>KaldiAgreement.Record(console.WriteLine, "add-deltas", "goldens/kaldi/features", 3, values, largest, "1e-3 + 1e-4 |x|");</code>
/// The line is always printed; <c>MIMIR_WRITE_DOCS=1 dotnet test</c> also puts it in the table, in place of the row of the
/// same tool and the same goldens.
/// </summary>
public static class KaldiAgreement
{
    private const string Head = """
        # How far Mimir is from Kaldi

        Each row is a test that runs a tool on all of a set of Kaldi's outputs and compares every value with what Kaldi
        wrote. `MIMIR_WRITE_DOCS=1 dotnet test` makes this table.

        | tool | compared with | cases | values | largest difference | allowed |
        |---|---|---:|---:|---|---|
        """;

    /// <summary>Gets the table's file.</summary>
    public static string Document => Path.Combine(SharedData.Checkout, "docs", "kaldi-agreement.md");

    /// <summary>Notes one comparison.</summary>
    /// <param name="print">Where the line is printed: the WriteLine of the test's output.</param>
    /// <param name="tool">Kaldi's name of the tool.</param>
    /// <param name="goldens">What it was compared with; with the tool it names the row.</param>
    /// <param name="cases">How many commands or files were compared.</param>
    /// <param name="values">How many numbers; 0 where bytes were compared.</param>
    /// <param name="largest">The largest absolute difference of one number; 0 means equal bytes or equal numbers.</param>
    /// <param name="allowed">The tolerance, in words or as a formula.</param>
    /// <param name="where">Where the largest difference is; printed, and left out of the table.</param>
    /// <param name="value">Kaldi's number there; the table tells it when it is large, as of energies without logarithm.</param>
    public static void Record(
        Action<string> print, string tool, string goldens, int cases, long values, double largest, string allowed, string where = "",
            double value = 0)
    {
        var at = Math.Abs(value) > 1e4 ? $" of {Short(value)}" : "";
        var cells = string.Create(
            CultureInfo.InvariantCulture,
                $"| {cases} | {(values == 0 ? "-" : values.ToString(CultureInfo.InvariantCulture))} | {Short(largest)}{at} | "
                + $"{Escaped(allowed)} |");
        var row = $"| {tool} | {goldens} {cells}";
        print($"{row} {where}");
        if (Environment.GetEnvironmentVariable("MIMIR_WRITE_DOCS") == "1")
            Put($"| {tool} | {goldens} |", row);
    }

    // Several test projects may write at once.
    private static void Put(string start, string row)
    {
        using var turn = new Mutex(initiallyOwned: false, "mimir-kaldi-agreement");
        turn.WaitOne();
        try
        {
            var rows = File.Exists(Document)
                ? File.ReadAllLines(Document).Where(IsRow).Where(line => !line.StartsWith(start, StringComparison.Ordinal)) : [];
            File.WriteAllText(Document, $"{Head}\n{string.Join('\n', rows.Append(row).Order(StringComparer.Ordinal))}\n");
        }
        finally
        {
            turn.ReleaseMutex();
        }
    }

    private static string Short(double number) => number == 0 ? "0" : number.ToString("0.0e+0", CultureInfo.InvariantCulture);

    private static bool IsRow(string line) =>
        line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| tool |", StringComparison.Ordinal);

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
