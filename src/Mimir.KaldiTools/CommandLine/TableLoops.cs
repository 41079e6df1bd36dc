using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>The numbers of entries that were written and that were left out.</summary>
internal sealed record Counts(int Done, int Errors);

/// <summary>The loops of programs over tables.</summary>
internal static class TableLoops
{
    /// <summary>Writes a table; when an entry fails, nothing of the table is left.</summary>
    /// <returns>The number of entries.</returns>
    public static int WriteAll<T>(
        this Table<T> table, string wspecifier, IEnumerable<KeyValuePair<string, T>> entries, KaldiIoOptions io)
    {
        var done = 0;
        using var output = table.Create(wspecifier, io);
        output.Fill(() =>
        {
            foreach (var (key, value) in entries)
            {
                output.Write(key, value);
                done++;
            }
        });
        return done;
    }

    /// <summary>Writes a table of an object for each entry of another; null leaves the entry out.</summary>
    public static Counts Map<TInput, TOutput>(
        this Table<TOutput> table,
        IEnumerable<KeyValuePair<string, TInput>> input,
        string wspecifier,
        KaldiIoOptions io,
        Func<string, TInput, TOutput?> map)
        where TOutput : class
    {
        var errors = 0;
        IEnumerable<KeyValuePair<string, TOutput>> Mapped()
        {
            foreach (var (key, value) in input)
            {
                if (map(key, value) is { } mapped)
                    yield return new(key, mapped);
                else
                    errors++;
            }
        }

        var done = table.WriteAll(wspecifier, Mapped(), io);
        return new(done, errors);
    }

    /// <summary>Writes a matrix for each matrix of a table; null leaves the entry out.</summary>
    public static Counts MapMatrices(
        string rspecifier, string wspecifier, KaldiIoOptions io, Func<string, FloatMatrix, FloatMatrix?> map) =>
        KaldiTables.Matrix.Map(KaldiTables.Matrix.Read(rspecifier, io), wspecifier, io, map);

    /// <summary>Decides if a program works on tables or on single files.</summary>
    /// <exception cref="InputException">One of the two is a table and the other a file.</exception>
    public static bool AreTables(string input, string output) =>
        Rspecifier.IsTable(input) == Wspecifier.IsTable(output)
            ? Rspecifier.IsTable(input)
            : throw new InputException($"'{input}' and '{output}': expected two tables or two files, not one of each.");
}
