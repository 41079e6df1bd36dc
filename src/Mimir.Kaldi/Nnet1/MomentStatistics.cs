using System.Globalization;

namespace Mimir.Kaldi.Nnet1;

/// <summary>Moments of parameters as nnet-info prints them, in Kaldi's precision and order of summation.</summary>
/// <param name="Min">The smallest value.</param>
/// <param name="Max">The largest value.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Variance">The mean square of the differences from the mean.</param>
/// <param name="Skewness">The third moment, in standard deviations; 0 is symmetric.</param>
/// <param name="Kurtosis">The fourth moment, in standard deviations, less 3; 0 is as peaked as normal.</param>
public readonly record struct MomentStatistics(float Min, float Max, float Mean, float Variance, float Skewness, float Kurtosis)
{
    /// <summary>Computes the moments.</summary>
    /// <param name="values">The values, row by row; without any, moments are NaN.</param>
    public static MomentStatistics Of(ReadOnlySpan<float> values)
    {
        var mean = Sum(values) / values.Length;
        var centred = new float[values.Length];
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        for (var i = 0; i < centred.Length; i++)
        {
            centred[i] = values[i] - mean;
            (min, max) = (Math.Min(min, values[i]), Math.Max(max, values[i]));
        }

        // The powers of the differences from the mean, one more with each step: second, third and fourth central moment.
        var powers = new float[centred.Length];
        Array.Fill(powers, 1);
        Raise(powers, centred);
        Raise(powers, centred);
        var variance = Sum(powers) / values.Length;
        Raise(powers, centred);
        var skewness = (float)(Sum(powers) / Math.Pow(variance, 1.5) / values.Length);
        Raise(powers, centred);
        var kurtosis = (float)((Sum(powers) / (variance * variance) / values.Length) - 3.0);
        return new(min, max, mean, variance, skewness, kurtosis);
    }

    /// <summary>Formats a number as C++ does by default, with 6 significant digits.</summary>
    public static string Shown(float value) => value switch
    {
        float.NaN => float.IsNegative(value) ? "-nan" : "nan",
        float.PositiveInfinity => "inf",
        float.NegativeInfinity => "-inf",
        _ => value.ToString("g6", CultureInfo.InvariantCulture),
    };

    /// <summary>Formats the moments as nnet-info does, with a space at both ends.</summary>
    public override string ToString() =>
        $" ( min {Shown(Min)}, max {Shown(Max)}, mean {Shown(Mean)}, stddev {Shown(MathF.Sqrt(Variance))}, "
        + $"skewness {Shown(Skewness)}, kurtosis {Shown(Kurtosis)} ) ";

    // Kaldi's Sum is a BLAS dot product with ones of stride 0: pairs in single precision, their sum in double. The order decides
    // the digits of a mean that is nearly 0.
    private static float Sum(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        var i = 0;
        for (; i + 1 < values.Length; i += 2)
            sum += values[i] + values[i + 1];
        if (i < values.Length)
            sum += values[i];

        return (float)sum;
    }

    private static void Raise(float[] powers, float[] by)
    {
        for (var i = 0; i < powers.Length; i++)
            powers[i] *= by[i];
    }
}
