namespace Mimir.Features.Augmentation;

/// <summary>A noise to add to a wave.</summary>
/// <param name="Samples">The noise, at the rate of the wave; its level does not matter.</param>
/// <param name="Snr">The power of the wave over that of the noise, in decibels.</param>
/// <param name="Start">Where the noise begins in the wave, in seconds, 0 or more; what lies beyond the wave is lost.</param>
public sealed record AdditiveSignal(float[] Samples, double Snr, double Start = 0);
