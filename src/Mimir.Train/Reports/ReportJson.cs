using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>How reports become JSON: snake_case names, no nulls, "NaN" and "Infinity" as text, other scripts as they are.</summary>
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Gets the form of a line of the log.</summary>
    public static ReportJson Line { get; } = new(Form(indented: false));

    /// <summary>Gets the form of a file that people read.</summary>
    public static ReportJson File { get; } = new(Form(indented: true));

    private static JsonSerializerOptions Form(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
        NewLine = "\n",
    };
}
