using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>The tables that a program writes at once, of which arguments may leave some out.</summary>
/// <param name="io">What may be opened.</param>
internal sealed class OutputTables(KaldiIoOptions io) : IDisposable
{
    private readonly List<(IDisposable Table, Action Discard)> _tables = [];

    /// <summary>Opens a table.</summary>
    /// <param name="table">Its kind.</param>
    /// <param name="wspecifier">Its name; null or empty for a table that is not wanted.</param>
    /// <returns>Writes an object; null for a table that is not wanted.</returns>
    public Action<string, T>? Add<T>(Table<T> table, string? wspecifier)
    {
        if (string.IsNullOrEmpty(wspecifier))
            return null;

        try
        {
            var writer = table.Create(wspecifier, io);
            _tables.Add((writer, writer.Discard));
            return writer.Write;
        }
        catch (Exception)
        {
            Discard();
            throw;
        }
    }

    /// <summary>Runs an action that writes the tables; when it fails, nothing of them is left.</summary>
    public void Fill(Action fill)
    {
        try
        {
            fill();
        }
        catch (Exception)
        {
            Discard();
            throw;
        }
    }

    /// <summary>Puts the tables in place.</summary>
    public void Dispose()
    {
        foreach (var (table, _) in _tables)
            table.Dispose();
    }

    private void Discard()
    {
        foreach (var (_, discard) in _tables)
            discard();
    }
}
