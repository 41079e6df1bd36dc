namespace Mimir.Train.Recipes;

/// <summary>What a minibatch is made of.</summary>
public enum BatchUnit
{
    /// <summary>Single frames of many utterances in random order.</summary>
    Frames,

    /// <summary>The next few frames of some utterances at once, with the state of recurrent layers carried on.</summary>
    Chunks,

    /// <summary>Whole utterances of similar length.</summary>
    Utterances,
}

/// <summary>What goes into one minibatch.</summary>
public sealed record BatchRecipe
{
    /// <summary>What a minibatch is made of. The default is <see cref="BatchUnit.Frames"/>.</summary>
    public BatchUnit Unit { get; init; }

    /// <summary>Frames of a minibatch; of whole utterances the most, which a longer utterance has for itself. The default is 256.</summary>
    public int Frames { get; init; } = 256;

    /// <summary>Utterances that go on side by side in <see cref="BatchUnit.Chunks"/>. The default, that of Kaldi's recipes, is 10.</summary>
    public int Streams { get; init; } = 10;

    /// <summary>The frames that each of them gives to a minibatch, through which gradients flow back. The default is 20.</summary>
    public int Chunk { get; init; } = 20;

    /// <summary>
    /// The frames of the segments that <see cref="BatchUnit.Utterances"/> are cut into; an utterance's last one has from half to
    /// one and a half of them. 0, the default, leaves utterances whole.
    /// </summary>
    public int Segment { get; init; }

    /// <summary>Single frames that are shuffled together; utterances are always all shuffled. The default is 32768.</summary>
    public int ShuffleWindow { get; init; } = 32768;
}
