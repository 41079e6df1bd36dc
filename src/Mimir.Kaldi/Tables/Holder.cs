using System.Diagnostics.CodeAnalysis;
using Mimir.Base;

namespace Mimir.Kaldi.Tables;

/// <summary>
/// Reads and writes the objects of one kind of table, as the holders of Kaldi do (<c>util/kaldi-holder.h</c>). Derive from it to
/// keep objects of a new kind in archives and scripts; <see cref="Table{T}"/> does the rest.
/// </summary>
/// <typeparam name="T">The type of an object.</typeparam>
/// <remarks>A holder has no state: several threads may use one.</remarks>
public abstract class Holder<T>
{
    /// <summary>True when binary objects begin with Kaldi's mark <c>\0B</c>; foreign formats have none.</summary>
    public virtual bool HasBinaryMarker => true;

    /// <summary>True when objects have a text form.</summary>
    public virtual bool HasText => true;

    /// <summary>Gets the kind of object for messages about other kinds; null for none.</summary>
    internal virtual string? Kind => null;

    /// <summary>Reads an object; the reader stands behind its binary mark and, in an archive, behind its key.</summary>
    /// <param name="reader">The data.</param>
    /// <param name="binary">True for binary data, false for text.</param>
    /// <exception cref="InputException">The data is malformed.</exception>
    public abstract T Read(KaldiReader reader, bool binary);

    /// <summary>Writes an object behind its binary mark, in the form that <see cref="KaldiWriter.Binary"/> asks for.</summary>
    /// <param name="writer">Receives the object.</param>
    /// <param name="value">The object.</param>
    public abstract void Write(KaldiWriter writer, T value);

    /// <summary>Copies the part of an object that a script names in square brackets. By default, objects have no parts.</summary>
    /// <param name="value">The whole object.</param>
    /// <param name="range">The part.</param>
    /// <param name="rxfilename">The extended file name with the range, for messages.</param>
    /// <exception cref="InputException">The object has no such part.</exception>
    public virtual T Extract(T value, ObjectRange range, string rxfilename) =>
        throw new InputException($"'{rxfilename}' names a part of an object that has no parts.");

    /// <summary>Reads a plain file that is one object by other means than a <see cref="KaldiReader"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="value">The object.</param>
    /// <returns>False, the default, to read the file with <see cref="Read"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The data is malformed.</exception>
    public virtual bool TryReadFile(string path, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        return false;
    }

    internal T ReadMarked(KaldiReader reader)
    {
        Span<byte> head = stackalloc byte[ObjectKinds.HeadLength];
        head = head[..reader.PeekHead(head)];
        try
        {
            return Read(reader, !HasBinaryMarker || reader.ReadBinaryMarker());
        }
        catch (InputException e) when (ObjectKinds.Hint(Kind, head) is { Length: > 0 } hint)
        {
            throw new InputException(e.Message + hint, e);
        }
    }

    internal void WriteMarked(KaldiWriter writer, T value)
    {
        if (HasBinaryMarker)
            writer.WriteBinaryMarker();

        Write(writer, value);
    }
}
