using Mimir.Corpus.Speech;

namespace Mimir.Corpus.Tests.Support;

/// <summary>A test that speaks; it is skipped, and says so, where libespeak-ng is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EspeakFactAttribute : FactAttribute
{
    public EspeakFactAttribute()
    {
        if (!SpeechSynthesiser.IsInstalled)
            Skip = "needs the Debian packages libespeak-ng1 and espeak-ng-data";
    }
}
