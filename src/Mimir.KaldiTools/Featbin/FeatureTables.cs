using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>What programs do with every matrix of a table.</summary>
internal static class FeatureTables
{
    /// <summary>How many matrices were written, and how many were left out.</summary>
    public sealed record Counts(int Done, int Errors);

    /// <summary>Turns each matrix of a table into another; null leaves it out.</summary>
    public static Counts Map(
        string rspecifier, string wspecifier, KaldiIoOptions io, Func<string, FloatMatrix, FloatMatrix?> map) =>
        Map(KaldiTables.Matrix.Read(rspecifier, io), wspecifier, io, map);

    /// <inheritdoc cref="Map(string, string, KaldiIoOptions, Func{string, FloatMatrix, FloatMatrix?})"/>
    public static Counts Map(
        IEnumerable<KeyValuePair<string, FloatMatrix>> input,
        string wspecifier,
        KaldiIoOptions io,
        Func<string, FloatMatrix, FloatMatrix?> map)
    {
        var (done, errors) = (0, 0);
        using var output = KaldiTables.Matrix.Create(wspecifier, io);
        output.Fill(() =>
        {
            foreach (var (key, features) in input)
            {
                if (map(key, features) is { } mapped)
                {
                    output.Write(key, mapped);
                    done++;
                }
                else
                {
                    errors++;
                }
            }
        });
        return new Counts(done, errors);
    }

    /// <summary>Whether a program works on tables; an error when one of the two is a table and the other a file.</summary>
    public static bool AreTables(string input, string output) =>
        Rspecifier.IsTable(input) == Wspecifier.IsTable(output)
            ? Rspecifier.IsTable(input)
            : throw new ArgumentException($"'{input}' and '{output}': expected two tables or two files, not one of each.");
}
