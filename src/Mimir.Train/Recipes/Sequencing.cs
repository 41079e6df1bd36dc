namespace Mimir.Train.Recipes;

/// <summary>What a layer must see of an utterance at a time.</summary>
internal enum Sequencing
{
    /// <summary>A frame; others do not matter.</summary>
    None,

    /// <summary>What came before: the next part of an utterance will do, when the layer's state is carried on.</summary>
    Past,

    /// <summary>The whole utterance.</summary>
    Whole,
}
