using Mimir.Base;
namespace Mimir.Kaldi.Tables;

/// <summary>The files that a script names for its keys: each value goes to a file of its own.</summary>
internal sealed class ScriptTarget : ITableTarget
{
    private readonly Wspecifier _table;
    private readonly string _script;
    private readonly KaldiIoOptions? _options;
    private readonly Dictionary<string, ScriptEntry> _entries = [];

    public ScriptTarget(Wspecifier table, string script, KaldiIoOptions? options)
    {
        (_table, _script, _options) = (table, script, options);
        foreach (var entry in ScriptFile.Read(script, options))
        {
            if (!_entries.TryAdd(entry.Key, entry))
                throw new InputException($"{script}:{entry.Line}: '{entry.Key}' comes twice, first in line {_entries[entry.Key].Line}.");
        }
    }

    public void Write(string key, Action<KaldiWriter> write)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_table.Permissive)
                return;

            throw new InputException($"{_script}: expected a line for '{key}'; add one, or write to scp,p: to leave such objects out.");
        }

        using var output = Open(entry);
        try
        {
            write(new KaldiWriter(output.Stream, _table.Binary));
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }

    // Every file is whole when its value is written.
    public void Discard()
    {
    }

    public void Dispose()
    {
    }

    private KaldiOutput Open(ScriptEntry entry)
    {
        try
        {
            return KaldiOutput.Open(entry.Rxfilename, _options);
        }
        catch (InputException failure)
        {
            throw ScriptFile.At(_script, entry, failure);
        }
    }
}
