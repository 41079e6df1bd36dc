namespace Mimir.Features.Directories;

/// <summary>How far a data directory is.</summary>
/// <param name="Done">Utterances that are done or failed.</param>
/// <param name="Total">All of them, copies too.</param>
/// <param name="Seconds">The seconds of audio so far.</param>
public readonly record struct FeatureDirectoryProgress(int Done, int Total, double Seconds);
