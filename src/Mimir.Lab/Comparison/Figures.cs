using System.Globalization;
using Mimir.Train.Reports;

namespace Mimir.Lab.Comparison;

/// <summary>How figures of runs are written; <c>-</c> for what is not known.</summary>
internal static class Figures
{
    /// <summary>What stands before a time that was not measured.</summary>
    public const string Modelled = "~";

    /// <summary>A share as per cent with two digits.</summary>
    public static string Share(double? share) => Number(100 * share, "F2");

    /// <summary>A number in a given form.</summary>
    public static string Number(double? value, string form) => value is { } number ? number.ToString(form, CultureInfo.InvariantCulture) : "-";

    /// <summary>A difference in per cent with its sign.</summary>
    public static string Signed(double value) => value.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    /// <summary>A time in seconds, marked when it is a model's.</summary>
    public static string Time(double? seconds, bool modelled) => seconds is { } time
        ? (modelled ? Modelled : "") + (time < 100 ? $"{Number(time, time < 10 ? "F2" : "F1")} s" : PlainProgress.Duration(TimeSpan.FromSeconds(time)))
        : "-";

    /// <summary>A figure that follows from times, marked when they are a model's.</summary>
    public static string OfTime(double? value, string form, bool modelled) =>
        value is null ? "-" : (modelled ? Modelled : "") + Number(value, form);
}
