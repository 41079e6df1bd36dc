using Mimir.Train.Runs;

namespace Mimir.Lab.Emulation;

/// <summary>The result of an emulation.</summary>
/// <param name="Run">The run: its accuracies and error rates are real.</param>
/// <param name="Times">What it would have taken on the cluster; null when it was interrupted.</param>
public sealed record EmulatedResult(RunResult Run, EmulationSummary? Times);
