namespace Mimir.Features.Augmentation;

/// <summary>Which rooms speech is put into; defaults are those of Kaldi's reverberate_data_dir.py.</summary>
public sealed record ReverberationOptions
{
    /// <summary>
    /// Gets the sources: lists of impulse responses as reverberate_data_dir.py reads them, each perhaps with its share in
    /// front (<c>0.5, rir_list</c>), or data directories in which every recording is a room.
    /// </summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Gets where relative audio paths of the sources start; null, the default, for the current directory.</summary>
    public string? Root { get; init; }

    /// <summary>Gets how often speech is put into the room, from 0 to 1. The default is 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Gets how much the shares that a list gives are evened out, from 0 to 1. The default is 0.3.</summary>
    public double Smoothing { get; init; } = 0.3;
}
