using System.Globalization;
using System.Text;

namespace Mimir.Features.Tables;

/// <summary>Writes keys and values to an archive, and where they are to a script; what a value is, is the caller's.</summary>
internal sealed class ArchiveWriter : IDisposable
{
    private readonly Wspecifier _table;
    private readonly KaldiOutput _archive;
    private readonly KaldiOutput? _script;
    private readonly KaldiWriter _writer;

    public ArchiveWriter(string wspecifier, KaldiIoOptions? options)
    {
        _table = Wspecifier.Parse(wspecifier);
        _archive = KaldiOutput.Open(_table.Archive, options);
        _writer = new KaldiWriter(_archive.Stream, _table.Binary);
        if (_table.Script is not null)
        {
            try
            {
                if (_table.Archive == "-" || _table.Archive[0] == '|')
                    throw new FormatException($"'{wspecifier}': a script can only point into an archive that is a file.");

                _script = KaldiOutput.Open(_table.Script, options);
            }
            catch (Exception)
            {
                _archive.Discard();
                throw;
            }
        }
    }

    public void Write(string key, Action<KaldiWriter> write)
    {
        if (key.Length == 0 || key.Any(char.IsWhiteSpace))
            throw new ArgumentException($"A key is one word, got '{key}'.", nameof(key));

        try
        {
            _writer.WriteText(key + " ");
            var offset = _writer.Written;
            _writer.WriteBinaryMarker();
            write(_writer);
            _script?.Stream.Write(Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{key} {_table.Archive}:{offset}\n")));
            if (_table.Flush)
                _archive.Stream.Flush();
        }
        catch (IOException)
        {
            Discard();
            throw;
        }
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
