using System.Globalization;

namespace Mimir.Train.Reports;

/// <summary>What a chart shows, and how its axes are drawn.</summary>
internal sealed record ChartOptions
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Its unit, and how it is to be read.</summary>
    public string Note { get; init; } = "";

    /// <summary>Writes a value at the axis. The default is four digits.</summary>
    public Func<double, string> Format { get; init; } = value => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>Whether the axis of values is logarithmic; values up to 0 are left out then.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>What lies on the other axis. The default is epochs.</summary>
    public string Along { get; init; } = "epoch";

    /// <summary>How that axis is divided. The default is whole numbers.</summary>
    public ChartDivision Division { get; init; }

    /// <summary>
    /// Whether the axis of values holds the later half of each line alone, so that small differences at the end can be seen;
    /// lines come in from beyond it.
    /// </summary>
    public bool LaterHalf { get; init; }

    /// <summary>Whether each line's <see cref="ChartSeries.Key"/> stands at its end.</summary>
    public bool Keys { get; init; }
}

/// <summary>How the axis that lines run along is divided.</summary>
internal enum ChartDivision
{
    /// <summary>By whole numbers.</summary>
    Whole,

    /// <summary>By round numbers from 0.</summary>
    FromZero,

    /// <summary>By powers of ten; points up to 0 are left out.</summary>
    Logarithmic,
}
