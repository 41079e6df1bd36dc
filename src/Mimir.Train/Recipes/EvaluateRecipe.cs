namespace Mimir.Train.Recipes;

/// <summary>How much of an utterance a network that looks along time sees at once in cross-validation and decoding.</summary>
public sealed record EvaluateRecipe
{
    /// <summary>The frames that are computed at a time; 0, the default, is the whole utterance.</summary>
    public int Chunk { get; init; }

    /// <summary>
    /// The frames before each chunk that are computed with it, from nothing, and not counted; null, the default, carries the
    /// state of recurrent layers from chunk to chunk instead.
    /// </summary>
    public int? LeftContext { get; init; }

    /// <summary>The frames behind each chunk that are computed with it and not counted. The default is 0.</summary>
    public int RightContext { get; init; }
}
