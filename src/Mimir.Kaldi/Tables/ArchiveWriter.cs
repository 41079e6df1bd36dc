namespace Mimir.Kaldi.Tables;

/// <summary>Writes keys and values to where a wspecifier says; what a value is, is the caller's.</summary>
internal sealed class ArchiveWriter : IDisposable
{
    private readonly ITableTarget _target;

    public ArchiveWriter(string wspecifier, KaldiIoOptions? options)
    {
        var table = Wspecifier.Parse(wspecifier);
        Binary = table.Binary;
        _target = table is { Archive: null, Script: { } script }
            ? new ScriptTarget(table, script, options)
            : new ArchiveTarget(table, options);
    }

    /// <summary>Whether values are written in binary.</summary>
    public bool Binary { get; }

    /// <summary>Writes a value.</summary>
    /// <param name="key">One word.</param>
    /// <param name="write">Writes the value behind the mark of binary data.</param>
    /// <param name="marked">Whether there is such a mark; foreign formats have none.</param>
    public void Write(string key, Action<KaldiWriter> write, bool marked = true)
    {
        if (key.Length == 0 || key.Any(char.IsWhiteSpace))
            throw new ArgumentException($"A key is one word, got '{key}'.", nameof(key));

        try
        {
            _target.Write(key, writer =>
            {
                if (marked)
                    writer.WriteBinaryMarker();

                write(writer);
            });
        }
        catch (IOException)
        {
            Discard();
            throw;
        }
    }

    public void Discard() => _target.Discard();

    public void Dispose() => _target.Dispose();
}
