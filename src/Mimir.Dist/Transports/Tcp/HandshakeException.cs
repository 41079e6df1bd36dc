namespace Mimir.Dist.Transports.Tcp;

/// <summary>A connection that is not one of the job's, or not now.</summary>
/// <param name="message">Why, as "it …".</param>
/// <param name="again">Whether the same caller may succeed later.</param>
internal sealed class HandshakeException(string message, bool again = false) : IOException(message)
{
    public bool Again { get; } = again;
}
