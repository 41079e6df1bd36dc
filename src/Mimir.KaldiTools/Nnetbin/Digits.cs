using System.Globalization;
using System.Text;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Numbers as C++ streams print them: 6 significant digits, unless told otherwise.</summary>
internal static class Digits
{
    public static string Of(double value, int digits = 6) => value switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString($"g{digits}", CultureInfo.InvariantCulture),
    };

    /// <summary>A vector as Kaldi prints it, with the end of its line.</summary>
    public static string Vector(IEnumerable<double> values)
    {
        var text = new StringBuilder(" [ ");
        foreach (var value in values)
            text.Append(Of(value)).Append(' ');

        return text.Append("]\n").ToString();
    }

    /// <summary>A list as C++ iterators print it: each number with a space after it.</summary>
    public static string List(IEnumerable<double> values) => string.Concat(values.Select(value => Of(value) + " "));
}
