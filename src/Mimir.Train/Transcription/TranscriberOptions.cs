using Mimir.Features.Segmentation;

namespace Mimir.Train.Transcription;

/// <summary>Options of <see cref="Transcriber"/>.</summary>
public sealed record TranscriberOptions
{
    /// <summary>Gets the channel to transcribe, from 0; null takes the first, and says so where there are several.</summary>
    public int? Channel { get; init; }

    /// <summary>Gets the way long recordings are cut.</summary>
    public EnergySegmenterOptions Segments { get; init; } = new();

    /// <summary>Gets the number of threads; 0 takes all cores.</summary>
    public int Threads { get; init; }

    /// <summary>Gets a function that opens the standard input, for the source <c>-</c>.</summary>
    public Func<Stream> StandardInput { get; init; } = () => Stream.Null;
}
