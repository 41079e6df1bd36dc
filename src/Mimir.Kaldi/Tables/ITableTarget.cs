namespace Mimir.Kaldi.Tables;

/// <summary>What a table is written to. Disposing completes it; after <see cref="Discard"/> nothing incomplete is left.</summary>
internal interface ITableTarget : IDisposable
{
    void Write(string key, Action<KaldiWriter> write);

    void Discard();
}
