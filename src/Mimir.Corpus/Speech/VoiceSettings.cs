namespace Mimir.Corpus.Speech;

/// <summary>How a phrase is spoken.</summary>
/// <param name="Variant">The name of one of espeak-ng's voice variants, such as <c>f1</c> or <c>klatt</c>.</param>
/// <param name="Rate">The speed in words per minute, 80 to 450; espeak-ng's default is 175.</param>
/// <param name="Pitch">The base pitch, 0 to 100; 50 is the variant's own.</param>
/// <param name="Range">The pitch range, 0 (monotone) to 100; 50 is the variant's own.</param>
/// <param name="WordGap">The pause between words in units of 10 ms at the default speed.</param>
internal sealed record VoiceSettings(string Variant, int Rate = 175, int Pitch = 50, int Range = 50, int WordGap = 0);
