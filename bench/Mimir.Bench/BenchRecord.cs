using System.Text.Json.Serialization;

namespace Mimir.Bench;

/// <summary>One measured number beside a peer's, as <c>artifacts/bench.json</c> lists them.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Threads">The threads of both sides; 0 where Mimir chooses.</param>
/// <param name="Value">Mimir's number.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Peer">Who it is compared with, or null.</param>
/// <param name="PeerValue">The peer's number, or null.</param>
/// <param name="Ratio">How many times better Mimir is (above 1 is better), or null.</param>
internal sealed record BenchRecord(
    string Name, int Threads, double Value, string Unit, string? Peer = null,
    [property: JsonPropertyName("peer_value")] double? PeerValue = null, double? Ratio = null);

/// <summary>A run of the ladder, as <c>artifacts/bench.json</c> has it.</summary>
/// <param name="Machine">Where it was measured.</param>
/// <param name="Records">What was measured.</param>
internal sealed record BenchReport(Machine Machine, IReadOnlyList<BenchRecord> Records);
