using Mimir.Base;
namespace Mimir.Corpus;

/// <summary>One option of a corpus by its name in recipes and on command lines.</summary>
/// <param name="Name">The name, without dashes in front.</param>
/// <param name="Help">What it does, in one line.</param>
/// <param name="Get">Reads the value as text.</param>
/// <param name="Set">Sets the value from text; throws <see cref="InputException"/> when the text is none.</param>
public sealed record MandarinDigitsOption(
    string Name,
    string Help,
    Func<MandarinDigitsOptions, string> Get,
    Func<MandarinDigitsOptions, string, MandarinDigitsOptions> Set);
