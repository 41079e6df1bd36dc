namespace Mimir.Train.Data;

/// <summary>Why an utterance takes no part in a run.</summary>
public enum DropReason
{
    /// <summary>Its audio is missing or cannot be read, or is of another sample rate than the features are made for.</summary>
    BadAudio,

    /// <summary>The table of given features does not have it.</summary>
    NoFeatures,

    /// <summary>It is too short for a single frame.</summary>
    TooShort,

    /// <summary>It has no alignment: the aligner found no path through it.</summary>
    NoAlignment,

    /// <summary>Features and alignment, targets or weights differ in length by the tolerance or more.</summary>
    LengthMismatch,

    /// <summary>The table of targets does not have it.</summary>
    NoTargets,

    /// <summary>A table of weights does not have it.</summary>
    NoWeights,
}
