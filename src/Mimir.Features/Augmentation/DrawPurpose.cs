namespace Mimir.Features.Augmentation;

/// <summary>What a sequence of draws decides; each decision has its own, so that one more leaves the others as they are.</summary>
internal enum DrawPurpose
{
    /// <summary>The factor of speed.</summary>
    Speed = 1,

    /// <summary>The gain.</summary>
    Volume = 2,

    /// <summary>The room and its impulse response.</summary>
    Reverberation = 3,

    /// <summary>The noises, their levels and places.</summary>
    Noise = 4,

    /// <summary>The masks of features.</summary>
    Masks = 5,
}
