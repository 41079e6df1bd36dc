using System.Globalization;
using System.Numerics;
using Mimir.Base;

namespace Mimir.Corpus;

/// <summary>Sets any option of a corpus but its folder by name: one table for recipes and command lines.</summary>
public static class MandarinDigitsOptionNames
{
    /// <summary>Gets the options in the order that help shows them.</summary>
    public static IReadOnlyList<MandarinDigitsOption> All { get; } =
    [
        Number("seed", "The seed of all that is drawn.", o => o.Seed, (o, v) => o with { Seed = v }),
        Number("sample-rate", "The rate of the audio in hertz: 8000 or 16000.", o => o.SampleRate, (o, v) => o with { SampleRate = v }),
        Number("train-utterances", "Utterances to train on.", o => o.TrainUtterances, (o, v) => o with { TrainUtterances = v }),
        Number("dev-utterances", "Utterances of the development set.", o => o.DevUtterances, (o, v) => o with { DevUtterances = v }),
        Number("test-utterances", "Utterances of the test set.", o => o.TestUtterances, (o, v) => o with { TestUtterances = v }),
        Number("train-speakers", "Speakers to train on.", o => o.TrainSpeakers, (o, v) => o with { TrainSpeakers = v }),
        Number("dev-speakers", "Speakers of the development set.", o => o.DevSpeakers, (o, v) => o with { DevSpeakers = v }),
        Number("test-speakers", "Speakers of the test set.", o => o.TestSpeakers, (o, v) => o with { TestSpeakers = v }),
        Number("shortest-string", "The least number of digits of an utterance.", o => o.ShortestString, (o, v) => o with { ShortestString = v }),
        Number("longest-string", "The greatest number of digits of an utterance.", o => o.LongestString, (o, v) => o with { LongestString = v }),
        new(
            "signal-to-noise",
            "Ratios of speech to noise in decibels, parted by commas.",
            o => string.Join(',', o.SignalToNoise.Select(ratio => ratio.ToString(CultureInfo.InvariantCulture))),
            (o, text) => o with { SignalToNoise = [.. text.Trim().TrimStart('[').TrimEnd(']').Split(',').Select(Parse<double>)] }),
        Number("clean-share", "The share of utterances without noise, 0 to 1.", o => o.CleanShare, (o, v) => o with { CleanShare = v }),
        Number("telephone-share", "The share of utterances through a telephone line, 0 to 1.", o => o.TelephoneShare, (o, v) => o with { TelephoneShare = v }),
    ];

    /// <summary>Tells whether there is an option.</summary>
    /// <param name="name">The name, without dashes in front.</param>
    public static bool Contains(string name) => All.Any(option => option.Name == name);

    /// <summary>Sets one option; ranges are checked by <see cref="MandarinDigitsOptions.Validate"/>.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="name">The name, without dashes in front.</param>
    /// <param name="value">The value as text.</param>
    /// <exception cref="InputException">There is no such option, or the text is no such value.</exception>
    public static MandarinDigitsOptions Set(MandarinDigitsOptions options, string name, string value)
    {
        var option = All.FirstOrDefault(one => one.Name == name) ?? throw new InputException(
            $"unknown corpus option '{name}'; expected one of {string.Join(", ", All.Select(one => one.Name))}");
        return option.Set(options, value);
    }

    private static MandarinDigitsOption Number<T>(
        string name, string help, Func<MandarinDigitsOptions, T> get, Func<MandarinDigitsOptions, T, MandarinDigitsOptions> set)
        where T : INumber<T> => new(
            name,
            help,
            options => get(options).ToString(null, CultureInfo.InvariantCulture),
            (options, text) => set(options, Parse<T>(text)));

    private static T Parse<T>(string text)
        where T : INumber<T> =>
        T.TryParse(text.Trim(), NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputException($"expected {(typeof(T) == typeof(double) ? "a number" : "a whole number")}, got '{text}'");
}
