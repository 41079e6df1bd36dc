using System.Globalization;
using Mimir.Base;

namespace Mimir.Features.Augmentation;

/// <summary>Signal-to-noise ratios to draw from, in decibels: a list of equally likely values, or a range.</summary>
public sealed record SnrChoice
{
    private const double Limit = 100;

    private readonly double[] _values;
    private readonly bool _isRange;

    private SnrChoice(double[] values, bool isRange) => (_values, _isRange) = (values, isRange);

    /// <summary>A list of ratios.</summary>
    /// <param name="values">One or more, from -100 to 100.</param>
    /// <exception cref="InputException">There is none, or one is out of range.</exception>
    public static SnrChoice Of(params IReadOnlyList<double> values) =>
        values.Count > 0 && values.All(value => value is >= -Limit and <= Limit)
            ? new([.. values], isRange: false)
            : throw new InputException("expected one signal-to-noise ratio or more, from -100 to 100 dB");

    /// <summary>
    /// Parses <c>5-20</c>, a range that is drawn from uniformly, or a list with colons or commas as Kaldi's <c>20:10:0</c>.
    /// </summary>
    /// <exception cref="InputException">The text is neither a range nor a list.</exception>
    public static SnrChoice Parse(string text)
    {
        var dash = text.IndexOf('-', Math.Min(1, text.Length));
        string[] words = dash > 0 && !text.AsSpan().ContainsAny(":,")
            ? [text[..dash], text[(dash + 1)..]]
            : text.Split([':', ',']);
        var values = new double[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i])
                || !(Math.Abs(values[i]) <= Limit))
                throw Refused(text);
        }

        var isRange = dash > 0 && values.Length == 2 && !text.AsSpan().ContainsAny(":,");
        return isRange && values[0] > values[1] ? throw Refused(text) : new(values, isRange);
    }

    /// <inheritdoc/>
    public bool Equals(SnrChoice? other) =>
        other is not null && _isRange == other._isRange && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override int GetHashCode() => _values.Aggregate(_isRange ? 1 : 0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => string.Join(
        _isRange ? '-' : ':', _values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    internal double Draw(SeededRandom draws) => _isRange ? draws.Between(_values[0], _values[1]) : draws.OneOf(_values);

    private static InputException Refused(string text) =>
        new($"expected signal-to-noise ratios in dB as a range 5-20 or a list 20:10:0, got '{text}'");
}
