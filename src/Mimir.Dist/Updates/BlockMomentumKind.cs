namespace Mimir.Dist.Updates;

/// <summary>How block momentum moves the model; the equations are at <see cref="Rules.BmufRule"/>.</summary>
public enum BlockMomentumKind
{
    /// <summary>Classical momentum.</summary>
    Classical,

    /// <summary>Nesterov's as CNTK and fairseq have it: the look-ahead stays in the model.</summary>
    Nesterov,

    /// <summary>Nesterov's as Chen and Huo have it: the next block takes the look-ahead back.</summary>
    LookAhead,
}
