namespace Mimir.Train.Distribution;

/// <summary>What a worker wishes that all do at the same step or block; bits of a signal.</summary>
[Flags]
internal enum TeamRequest : long
{
    None = 0,

    /// <summary>To save the run and end.</summary>
    Stop = 1,

    /// <summary>To save the run and go on.</summary>
    Save = 2,

    /// <summary>To let in who waits.</summary>
    Admit = 4,

    /// <summary>To go on with an epoch of which something is left.</summary>
    Unfinished = 8,

    /// <summary>To change what the first worker has decided, which it has sent to all.</summary>
    Tune = 16,
}
