namespace Mimir.Kaldi.Tables;

/// <summary>A table that is being written: disposing completes it, discarding leaves nothing.</summary>
internal interface ITableWriter : IDisposable
{
    void Discard();

    /// <summary>Does what fills the table; where it fails, nothing of the table is left.</summary>
    void Fill(Action fill)
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
}
