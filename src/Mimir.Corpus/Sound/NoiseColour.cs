namespace Mimir.Corpus.Sound;

/// <summary>The kinds of noise that are laid over speech.</summary>
internal enum NoiseColour
{
    /// <summary>The same power at every frequency.</summary>
    White,

    /// <summary>3 dB less an octave.</summary>
    Pink,

    /// <summary>6 dB less an octave above some 30 Hz: the rumble of a car.</summary>
    Brown,

    /// <summary>Several other voices at once.</summary>
    Babble,
}
