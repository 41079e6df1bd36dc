using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;

namespace Mimir.KaldiTools.Latbin;

/// <summary>The scales of the costs of lattices.</summary>
internal record LatticeScaleOptions
{
    /// <summary>Scaling factor for acoustic costs.</summary>
    [Option("acoustic-scale")]
    public float AcousticScale { get; init; } = 1;

    /// <summary>Scaling factor for graph costs (those of the language model among them).</summary>
    [Option("lm-scale")]
    public float GraphScale { get; init; } = 1;

    /// <summary>Gets both factors.</summary>
    public virtual LatticeScale Scale => new(GraphScale, AcousticScale);

    /// <summary>Gets what takes the scaling back.</summary>
    /// <exception cref="InputException">A factor is 0.</exception>
    public LatticeScale Inverse => Scale is { Graph: not 0, Acoustic: not 0 } scale
        ? new LatticeScale(1 / scale.Graph, 1 / scale.Acoustic)
        : throw new InputException("--acoustic-scale and --lm-scale must not be 0, since the result is scaled back.");
}

/// <summary>The scales of the costs of lattices, with another form of the acoustic one.</summary>
internal record InverseScaleOptions : LatticeScaleOptions
{
    /// <summary>Another way to set the acoustic scale: its inverse.</summary>
    [Option("inv-acoustic-scale")]
    public float InverseAcousticScale { get; init; } = 1;

    /// <inheritdoc/>
    public override LatticeScale Scale => new(GraphScale, Acoustic);

    private float Acoustic => InverseAcousticScale switch
    {
        1 => AcousticScale,
        0 => throw new InputException("--inv-acoustic-scale must not be 0."),
        _ when AcousticScale != 1 => throw new InputException("--acoustic-scale and --inv-acoustic-scale exclude each other."),
        var inverse => (float)(1.0 / inverse),
    };
}

/// <summary>Work on the lattice of an utterance.</summary>
internal static class Utterance
{
    /// <summary>Does the work; an error names the utterance.</summary>
    public static T Run<T>(string key, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }
}
