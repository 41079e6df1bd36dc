using System.Globalization;
using System.Text;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>An archive, and perhaps a script of where its values are.</summary>
internal sealed class ArchiveTarget : ITableTarget
{
    private readonly string _name;
    private readonly bool _flush;
    private readonly KaldiOutput _archive;
    private readonly KaldiOutput? _script;
    private readonly KaldiWriter _writer;

    public ArchiveTarget(Wspecifier table, KaldiIoOptions? options)
    {
        _name = table.Archive ?? "-";
        _flush = table.Flush;
        if (table.Script is not null && (_name == "-" || _name[0] == '|' || _name.EndsWith(".gz", StringComparison.Ordinal)))
            throw new InputException($"'{_name}': a script can only point into an archive that is a plain file.");

        _archive = KaldiOutput.Open(_name, options);
        _writer = new KaldiWriter(_archive.Stream, table.Binary);
        if (table.Script is null)
            return;

        try
        {
            _script = KaldiOutput.Open(table.Script, options);
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

    // The archive first: a script never points into what is not there.
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
