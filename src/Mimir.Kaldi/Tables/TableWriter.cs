using System.Globalization;
using System.Text;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// Writes a table. Disposing puts the archive in place with all that was written; <see cref="Discard"/> leaves nothing.
/// </summary>
/// <typeparam name="T">The type of an object.</typeparam>
public sealed class TableWriter<T> : IDisposable
{
    private readonly Holder<T> _holder;
    private readonly ITableTarget _target;

    internal TableWriter(Holder<T> holder, ITableTarget target) => (_holder, _target) = (holder, target);

    /// <summary>Adds an object.</summary>
    /// <param name="key">One word.</param>
    /// <param name="value">The object.</param>
    /// <exception cref="ArgumentException">The key is not one word.</exception>
    /// <exception cref="IOException">The disk is full; nothing of the archive is left.</exception>
    public void Write(string key, T value)
    {
        if (key.Length == 0 || key.Any(char.IsWhiteSpace))
            throw new ArgumentException($"A key is one word, got '{key}'.", nameof(key));

        try
        {
            _target.Write(key, writer => _holder.WriteMarked(writer, value));
        }
        catch (IOException)
        {
            Discard();
            throw;
        }
    }

    /// <summary>Runs an action that writes the table; when it fails, nothing of the table is left.</summary>
    /// <param name="fill">Writes the objects.</param>
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

    /// <summary>Leaves no archive, after a failure.</summary>
    public void Discard() => _target.Discard();

    /// <summary>Puts the archive in place.</summary>
    /// <exception cref="IOException">The disk is full, or a command failed.</exception>
    public void Dispose() => _target.Dispose();
}

/// <summary>
/// The files that a table is written to. Disposing completes them; after <see cref="Discard"/> nothing incomplete is left.
/// </summary>
internal interface ITableTarget : IDisposable
{
    void Write(string key, Action<KaldiWriter> write);

    void Discard();
}

/// <summary>An archive, with a script of the places of its objects when asked for.</summary>
internal sealed class ArchiveTarget : ITableTarget
{
    private readonly string _name;
    private readonly bool _flush;
    private readonly KaldiOutput _archive;
    private readonly KaldiOutput? _script;
    private readonly KaldiWriter _writer;

    public ArchiveTarget(Wspecifier table, KaldiIoOptions? io)
    {
        _name = table.Archive ?? "-";
        _flush = table.Flush;
        if (table.Script is not null && (_name == "-" || _name[0] == '|' || _name.EndsWith(".gz", StringComparison.Ordinal)))
            throw new InputException($"'{_name}': a script can only point into an archive that is a plain file.");

        _archive = KaldiOutput.Open(_name, io);
        _writer = new KaldiWriter(_archive.Stream, table.Binary);
        if (table.Script is null)
            return;

        try
        {
            _script = KaldiOutput.Open(table.Script, io);
        }
        catch (Exception)
        {
            _archive.Discard();
            throw;
        }
    }

    public void Write(string key, Action<KaldiWriter> write)
    {
        _writer.WriteText(key + " ");
        var offset = _writer.Written;
        write(_writer);
        _script?.Stream.Write(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{key} {_name}:{offset}\n")));
        if (!_flush)
            return;

        _archive.Stream.Flush();
        _script?.Stream.Flush();
    }

    public void Discard()
    {
        _archive.Discard();
        _script?.Discard();
    }

    // The archive first: the script never points into an archive that is not in place.
    public void Dispose()
    {
        try
        {
            _archive.Dispose();
        }
        catch (IOException)
        {
            _script?.Discard();
            throw;
        }

        _script?.Dispose();
    }
}

/// <summary>The files that a script names for its keys: each object goes to a file of its own.</summary>
internal sealed class ScriptTarget : ITableTarget
{
    private readonly Wspecifier _table;
    private readonly string _script;
    private readonly KaldiIoOptions? _io;
    private readonly Dictionary<string, ScriptEntry> _entries = [];

    public ScriptTarget(Wspecifier table, string script, KaldiIoOptions? io)
    {
        (_table, _script, _io) = (table, script, io);
        foreach (var entry in ScriptFile.Read(script, io))
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

    // Every file is complete when its object is written.
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
            return KaldiOutput.Open(entry.Rxfilename, _io);
        }
        catch (InputException failure)
        {
            throw entry.Failure(_script, failure);
        }
    }
}
