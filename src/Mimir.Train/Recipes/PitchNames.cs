using Mimir.Base.Options;
using Mimir.Base;
using Mimir.Features.Pitch;

namespace Mimir.Train.Recipes;

/// <summary>The options of pitch features by Kaldi's names.</summary>
internal sealed class PitchNames : IOptionNames
{
    public IReadOnlyCollection<string> Names { get; } = [.. Option.Of(typeof(PitchFeatureOptions)).Select(option => option.Name)];

    public string? Problem(string name, string value)
    {
        try
        {
            _ = new PitchFeatureOptions().With(name, value);
            return null;
        }
        catch (InputException error)
        {
            return error.Message;
        }
    }
}
