using Mimir.Base;
namespace Mimir.Features.Pitch;

/// <summary>One option of pitch features, by Kaldi's name.</summary>
/// <param name="Name">The name, without dashes in front.</param>
/// <param name="Type">What its values are: float, int or bool.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Get">Reads the value as text.</param>
/// <param name="Set">Sets the value from text; throws <see cref="InputException"/> when the text is none.</param>
public sealed record PitchOption(
    string Name,
    string Type,
    string Help,
    Func<PitchFeatureOptions, string> Get,
    Func<PitchFeatureOptions, string, PitchFeatureOptions> Set);
