using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;

namespace Mimir.Corpus;

/// <summary>Options of the synthesised corpus of Mandarin digit strings. The same options give the same bytes.</summary>
public sealed record MandarinDigitsOptions
{
    /// <summary>Gets the folder to create; required, and without effect on the content of the corpus.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Seed of all random draws.</summary>
    [Option("seed")]
    public ulong Seed { get; init; } = 1;

    /// <summary>Sample rate of the audio in hertz: 8000 or 16000.</summary>
    [Option("sample-rate", Min = 8000, Max = 16000)]
    public int SampleRate { get; init; } = 16000;

    /// <summary>Number of training utterances.</summary>
    [Option("train-utterances", Min = 1, Max = 99999)]
    public int TrainUtterances { get; init; } = 2000;

    /// <summary>Number of utterances in the development set.</summary>
    [Option("dev-utterances", Min = 1, Max = 99999)]
    public int DevUtterances { get; init; } = 150;

    /// <summary>Number of utterances in the test set.</summary>
    [Option("test-utterances", Min = 1, Max = 99999)]
    public int TestUtterances { get; init; } = 1000;

    /// <summary>Number of training speakers; at most one an utterance.</summary>
    [Option("train-speakers", Min = 1, Max = 999)]
    public int TrainSpeakers { get; init; } = 40;

    /// <summary>Number of speakers in the development set; at most one an utterance.</summary>
    [Option("dev-speakers", Min = 1, Max = 999)]
    public int DevSpeakers { get; init; } = 6;

    /// <summary>Number of speakers in the test set; at most one an utterance.</summary>
    [Option("test-speakers", Min = 1, Max = 999)]
    public int TestSpeakers { get; init; } = 20;

    /// <summary>Smallest number of digits in an utterance.</summary>
    [Option("shortest-string", Min = 1, Max = 20)]
    public int ShortestString { get; init; } = 3;

    /// <summary>Greatest number of digits in an utterance.</summary>
    [Option("longest-string", Min = 1, Max = 20)]
    public int LongestString { get; init; } = 11;

    /// <summary>Signal-to-noise ratios in decibels, one of which is drawn for each noisy utterance.</summary>
    [Option("signal-to-noise", Min = -20, Max = 60)]
    public IReadOnlyList<double> SignalToNoise { get; init; } = [20, 15, 10, 5, 0];

    /// <summary>Share of utterances without noise.</summary>
    [Option("clean-share", Min = 0, Max = 1)]
    public double CleanShare { get; init; } = 0.1;

    /// <summary>Share of utterances that pass through a telephone line (300 to 3400 Hz).</summary>
    [Option("telephone-share", Min = 0, Max = 1)]
    public double TelephoneShare { get; init; } = 0.3;

    /// <summary>A copy with one option set from text.</summary>
    /// <param name="name">The name of the option, without dashes in front.</param>
    /// <param name="text">The value as text.</param>
    /// <exception cref="InputException">There is no such option, or the text is no such value.</exception>
    public MandarinDigitsOptions With(string name, string text) => Option.Set(this, name, text, "corpus");

    /// <summary>Checks all options.</summary>
    /// <exception cref="InputException">An option is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Folder), "folder", "a path", "nothing");
        Option.CheckRanges(this);
        Require(SampleRate is 8000 or 16000, "sample-rate", "8000 or 16000", SampleRate);
        CheckSpeakers("train", TrainUtterances, TrainSpeakers);
        CheckSpeakers("dev", DevUtterances, DevSpeakers);
        CheckSpeakers("test", TestUtterances, TestSpeakers);
        Require(LongestString >= ShortestString, "longest-string", $"{ShortestString} to 20", LongestString);
        Require(SignalToNoise.Count > 0, "signal-to-noise", "at least one ratio", "none");
    }

    private static void CheckSpeakers(string set, int utterances, int speakers) => Require(
        speakers <= Math.Min(utterances, 999), $"{set}-speakers", $"1 to {Math.Min(utterances, 999)}", speakers);

    private static void Require(bool holds, string option, string expected, object got)
    {
        if (!holds)
            throw new InputException(FormattableString.Invariant($"{option}: expected {expected}, got {got}"));
    }
}
