using System.Text.Json.Serialization;

namespace Mimir.Corpus;

/// <summary>What corpus of spoken Mandarin digit strings to make. The same options give the same bytes.</summary>
public sealed record MandarinDigitsOptions
{
    /// <summary>Gets the folder to make, which must be given; it is not part of what makes two corpora equal.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = "";

    /// <summary>Gets the seed of everything that is drawn. The default is 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the rate of the audio in hertz: 8000 or 16000, the default.</summary>
    public int SampleRate { get; init; } = 16000;

    /// <summary>Gets the number of utterances to train on. The default is 2000.</summary>
    public int TrainUtterances { get; init; } = 2000;

    /// <summary>Gets the number of utterances of the development set. The default is 150.</summary>
    public int DevUtterances { get; init; } = 150;

    /// <summary>Gets the number of utterances of the test set. The default is 1000.</summary>
    public int TestUtterances { get; init; } = 1000;

    /// <summary>Gets the number of speakers to train on, at most one an utterance. The default is 40.</summary>
    public int TrainSpeakers { get; init; } = 40;

    /// <summary>Gets the number of speakers of the development set. The default is 6.</summary>
    public int DevSpeakers { get; init; } = 6;

    /// <summary>Gets the number of speakers of the test set. The default is 20.</summary>
    public int TestSpeakers { get; init; } = 20;

    /// <summary>Gets the least number of digits in an utterance. The default is 3.</summary>
    public int ShortestString { get; init; } = 3;

    /// <summary>Gets the greatest number of digits in an utterance, at most 20. The default is 11.</summary>
    public int LongestString { get; init; } = 11;

    /// <summary>
    /// Gets the ratios of speech to noise in decibels, from -20 to 60, one of which each noisy utterance has. The default is
    /// 20, 15, 10, 5 and 0.
    /// </summary>
    public IReadOnlyList<double> SignalToNoise { get; init; } = [20, 15, 10, 5, 0];

    /// <summary>Gets the share of utterances without noise, 0 to 1. The default is 0.1.</summary>
    public double CleanShare { get; init; } = 0.1;

    /// <summary>Gets the share of utterances that come through a telephone line (300 to 3400 Hz), 0 to 1. The default is 0.3.</summary>
    public double TelephoneShare { get; init; } = 0.3;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Folder), "folder", "a path", "nothing");
        Require(SampleRate is 8000 or 16000, "sample rate", "8000 or 16000", SampleRate);
        CheckSet("train", TrainUtterances, TrainSpeakers);
        CheckSet("dev", DevUtterances, DevSpeakers);
        CheckSet("test", TestUtterances, TestSpeakers);
        Require(ShortestString is >= 1 and <= 20, "shortest string", "1 to 20", ShortestString);
        Require(
            LongestString >= ShortestString && LongestString <= 20, "longest string", $"{ShortestString} to 20", LongestString);
        Require(SignalToNoise.Count > 0, "signal to noise", "at least one ratio", "none");
        foreach (var ratio in SignalToNoise)
            Require(ratio is >= -20 and <= 60, "signal to noise", "-20 to 60 dB", ratio);
        Require(CleanShare is >= 0 and <= 1, "clean share", "0 to 1", CleanShare);
        Require(TelephoneShare is >= 0 and <= 1, "telephone share", "0 to 1", TelephoneShare);
    }

    private static void CheckSet(string name, int utterances, int speakers)
    {
        Require(utterances is >= 1 and <= 99999, $"{name} utterances", "1 to 99999", utterances);
        Require(speakers >= 1 && speakers <= Math.Min(utterances, 999), $"{name} speakers", $"1 to {Math.Min(utterances, 999)}", speakers);
    }

    private static void Require(bool condition, string option, string expected, object got)
    {
        if (!condition)
            throw new ArgumentException(FormattableString.Invariant($"{option}: expected {expected}, got {got}"));
    }
}
