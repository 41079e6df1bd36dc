namespace Mimir.Train.Training.Models;

/// <summary>What the values that a node gives look like, which decides how the weights behind it begin.</summary>
internal enum Signal
{
    /// <summary>Features of about unit variance.</summary>
    Features,

    /// <summary>Between 0 and 1, or -1 and 1.</summary>
    Saturated,

    /// <summary>What recurrent layers give.</summary>
    Recurrent,

    /// <summary>Without a limit: rectified, or a sum.</summary>
    Open,
}

/// <summary>What a layer takes or gives.</summary>
/// <param name="Node">The node of the graph.</param>
/// <param name="Dim">The number of its values.</param>
/// <param name="Signal">What they look like.</param>
internal sealed record Port(string Node, int Dim, Signal Signal)
{
    /// <summary>Gets the number of frequencies when the values are a picture of these times channels, else 0.</summary>
    public int Height { get; init; }

    /// <summary>Gets the memory behind the values when a dfsmn layer gave them.</summary>
    public Port? Memory { get; init; }
}
