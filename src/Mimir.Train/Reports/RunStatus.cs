using System.Text.Json.Serialization;

namespace Mimir.Train.Reports;

/// <summary>How a run ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))]
public enum RunStatus
{
    /// <summary>It did all that its recipe says.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>It met an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It was stopped from outside, and can be resumed.</summary>
    [JsonStringEnumMemberName("interrupted")]
    Interrupted,
}
