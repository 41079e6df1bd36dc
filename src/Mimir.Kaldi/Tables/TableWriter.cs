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
