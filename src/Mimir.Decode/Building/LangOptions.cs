using Mimir.Base.Options;

namespace Mimir.Decode.Building;

/// <summary>Options of making a lang directory of a lexicon (Kaldi: prepare_lang.sh).</summary>
public sealed record LangOptions
{
    /// <summary>Distinguish phones by their position in a word: _B, _I, _E, _S.</summary>
    [Option("position-dependent-phones")]
    public bool PositionDependentPhones { get; init; }

    /// <summary>Probability of silence after each word.</summary>
    [Option("sil-prob", Min = 0, Max = 1, MaxExcluded = true)]
    public double SilenceProbability { get; init; } = 0.5;

    /// <summary>States of the HMMs of silence phones: 1, or 3 and more.</summary>
    [Option("num-sil-states", Min = 1, Max = 100)]
    public int SilenceStates { get; init; } = 5;

    /// <summary>States of the HMMs of all other phones.</summary>
    [Option("num-nonsil-states", Min = 1, Max = 100)]
    public int SpeechStates { get; init; } = 3;

    /// <summary>All silence phones share their distributions.</summary>
    [Option("share-silence-phones")]
    public bool ShareSilencePhones { get; init; }

    /// <summary>Word of the lexicon that stands for those it lacks; by default UNK or a similar one, where the lexicon has it.</summary>
    [Option("unknown-word")]
    public string? UnknownWord { get; init; }
}
