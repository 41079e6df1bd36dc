using System.Diagnostics.CodeAnalysis;

namespace Mimir.Kaldi.Tables;

/// <summary>Reads what the lines of a script name.</summary>
internal interface IScriptObjects<T> : IDisposable
{
    /// <summary>Reads an object, or the part of it that the line names.</summary>
    /// <returns>False where the specifier lets damage and missing files pass.</returns>
    bool TryRead(ScriptEntry entry, [MaybeNullWhen(false)] out T value);
}
