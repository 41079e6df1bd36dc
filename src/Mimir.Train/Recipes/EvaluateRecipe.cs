using Mimir.Base.Options;

namespace Mimir.Train.Recipes;

/// <summary>The part of an utterance that a network with sequences sees at a time in cross-validation and decoding.</summary>
public sealed record EvaluateRecipe
{
    /// <summary>The frames that are computed at a time; 0 for the whole utterance.</summary>
    [Option("chunk", Min = 0, Max = 1 << 24)]
    public int Chunk { get; init; }

    /// <summary>
    /// The frames before each chunk that are computed with it, from an empty state, and not counted; without it the state of
    /// recurrent layers is carried from chunk to chunk.
    /// </summary>
    [Option("left-context", Min = 0, Max = 1 << 24)]
    public int? LeftContext { get; init; }

    /// <summary>The frames after each chunk that are computed with it and not counted; it needs <c>left-context</c>.</summary>
    [Option("right-context", Min = 0, Max = 1 << 24)]
    public int RightContext { get; init; }
}
