namespace Mimir.Core.Graph;

/// <summary>What a forward pass is for.</summary>
public enum PassMode
{
    /// <summary>Dropout falls, batch statistics are of the batch, and a backward pass may follow.</summary>
    Train,

    /// <summary>Everything is as a finished model computes it.</summary>
    Evaluate,
}
