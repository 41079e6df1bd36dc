namespace Mimir.Dist.Updates;

/// <summary>How gradients travel in <see cref="SyncUpdate"/>.</summary>
public enum GradientCompression
{
    /// <summary>As they are: 4 bytes an element.</summary>
    None,

    /// <summary>In half precision: 2 bytes an element.</summary>
    Half,

    /// <summary>One bit an element and two means a block of 512; what is lost is added to the next step's gradients.</summary>
    OneBit,
}
