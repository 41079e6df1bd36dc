namespace Mimir.Features.Signal;

/// <summary>The mel scale of HTK, 1127 ln(1 + f / 700), in the single precision that Kaldi uses.</summary>
public static class MelScale
{
    /// <summary>Turns hertz into mels.</summary>
    public static float FromHertz(float hertz) => 1127f * MathF.Log(1f + (hertz / 700f));

    /// <summary>Turns mels into hertz.</summary>
    public static float ToHertz(float mel) => 700f * (MathF.Exp(mel / 1127f) - 1f);
}
