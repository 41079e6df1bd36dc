using System.Globalization;

namespace Mimir.Train.Reports;

/// <summary>Title and axes of a chart.</summary>
public sealed record ChartOptions
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The unit, and remarks on how to read the chart.</summary>
    public string Note { get; init; } = "";

    /// <summary>Formats a value at the axis; by default with four digits.</summary>
    public Func<double, string> Format { get; init; } = value => value.ToString("G4", CultureInfo.InvariantCulture);

    /// <summary>True for a logarithmic axis of values; values up to 0 are left out.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>The name of the other axis.</summary>
    public string Along { get; init; } = "epoch";

    /// <summary>The division of that axis.</summary>
    public ChartDivision Division { get; init; }

    /// <summary>
    /// True when the axis of values holds the later half of each line alone, so that small differences at the end can be seen;
    /// lines come in from beyond it.
    /// </summary>
    public bool LaterHalf { get; init; }

    /// <summary>True to write <see cref="ChartSeries.Key"/> at the end of each line.</summary>
    public bool Keys { get; init; }
}

/// <summary>Division of the axis that lines run along.</summary>
public enum ChartDivision
{
    /// <summary>By whole numbers.</summary>
    Whole,

    /// <summary>By round numbers from 0.</summary>
    FromZero,

    /// <summary>By powers of ten; points up to 0 are left out.</summary>
    Logarithmic,
}
