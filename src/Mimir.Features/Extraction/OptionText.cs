using System.Globalization;
using Mimir.Base;
using Mimir.Features.Signal;

namespace Mimir.Features.Extraction;

/// <summary>How option values look as text, on a command line as in a recipe.</summary>
internal static class OptionText
{
    /// <summary>Reads a number.</summary>
    public static float Float(string name, string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw Expected(name, "a number", text);

    /// <summary>Reads a whole number.</summary>
    public static int Integer(string name, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Expected(name, "a whole number", text);

    /// <summary>Reads a truth value; nothing means true, as in Kaldi's <c>--option</c> without a value.</summary>
    public static bool Boolean(string name, string text) => text.ToLowerInvariant() switch
    {
        "true" or "t" or "1" or "" => true,
        "false" or "f" or "0" => false,
        _ => throw Expected(name, "true or false", text),
    };

    /// <summary>Reads the shape of a window.</summary>
    public static WindowType Window(string name, string text) => text switch
    {
        "hanning" => WindowType.Hanning,
        "sine" => WindowType.Sine,
        "hamming" => WindowType.Hamming,
        "povey" => WindowType.Povey,
        "rectangular" => WindowType.Rectangular,
        "blackman" => WindowType.Blackman,
        _ => throw Expected(name, "hanning, sine, hamming, povey, rectangular or blackman", text),
    };

    /// <summary>Writes a number.</summary>
    public static string Of(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Writes a whole number.</summary>
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Writes a truth value.</summary>
    public static string Of(bool value) => value ? "true" : "false";

    private static InputException Expected(string name, string what, string text) =>
        new($"{name}: expected {what}, got '{text}'");
}
