using Mimir.Base;
namespace Mimir.Features.Extraction;

/// <summary>One option of a kind of feature, by Kaldi's name.</summary>
/// <param name="Name">The name, without dashes in front.</param>
/// <param name="Type">What its values are: float, int, bool or string.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Get">Reads the value as text.</param>
/// <param name="Set">Sets the value from text; throws <see cref="InputException"/> when the text is none.</param>
public sealed record FeatureOption(
    string Name,
    string Type,
    string Help,
    Func<FeatureOptions, string> Get,
    Func<FeatureOptions, string, FeatureOptions> Set);
