namespace Mimir.Corpus.Digits;

/// <summary>One part of a corpus to make.</summary>
/// <param name="Number">Its number among the random streams of the seed, from 1.</param>
/// <param name="Name">The name of its folder.</param>
/// <param name="Prefix">The start of its speakers' names.</param>
/// <param name="Variants">Its voices.</param>
/// <param name="Speakers">The number of its speakers.</param>
/// <param name="Utterances">The number of its utterances, which speakers share evenly.</param>
internal sealed record SetPlan(
    ulong Number, string Name, string Prefix, IReadOnlyList<Variant> Variants, int Speakers, int Utterances)
{
    /// <summary>The parts in the order in which they are spoken.</summary>
    public static IReadOnlyList<SetPlan> Of(MandarinDigitsOptions options) =>
    [
        new(1, "train", "tr", Variant.Train, options.TrainSpeakers, options.TrainUtterances),
        new(2, "dev", "dv", Variant.Dev, options.DevSpeakers, options.DevUtterances),
        new(3, "test", "te", Variant.Test, options.TestSpeakers, options.TestUtterances),
    ];

    /// <summary>The first utterance of a speaker; the number of utterances for the speaker after the last.</summary>
    public int FirstUtteranceOf(int speaker) => (int)((long)speaker * Utterances / Speakers);
}
