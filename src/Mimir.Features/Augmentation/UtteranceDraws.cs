using Mimir.Base;

namespace Mimir.Features.Augmentation;

/// <summary>A decision of augmentation; each has its own draws, so that one more draw of one leaves the others unchanged.</summary>
internal enum DrawPurpose
{
    /// <summary>The speed factor.</summary>
    Speed = 1,

    /// <summary>The gain.</summary>
    Volume = 2,

    /// <summary>The room and its impulse response.</summary>
    Reverberation = 3,

    /// <summary>The noises, their levels and positions.</summary>
    Noise = 4,

    /// <summary>The masks of features.</summary>
    Masks = 5,
}

/// <summary>
/// The draws of one utterance in one epoch: a function of seed, epoch, utterance and purpose alone, whatever else is processed
/// before, after or at the same time.
/// </summary>
internal static class UtteranceDraws
{
    /// <summary>Starts the sequence of draws.</summary>
    public static SeededRandom For(DrawPurpose purpose, ulong seed, int epoch, string utterance) =>
        new(SplitMix64.Combine(SeededRandom.SeedOf(seed, utterance), (ulong)epoch, (ulong)purpose));
}
