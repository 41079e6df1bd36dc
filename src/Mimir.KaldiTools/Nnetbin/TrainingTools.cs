namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Programs of Kaldi's that compute with networks.</summary>
public static class TrainingTools
{
    /// <summary>Gets what makes one of each, by name.</summary>
    public static IReadOnlyList<Func<IKaldiTool>> Makers { get; } =
    [
        () => new NnetForwardTool(TimeProvider.System),
        () => new NnetTrainFrmshuffTool(TimeProvider.System),
        () => new NnetTrainMultistreamTool(TimeProvider.System),
        () => new NnetTrainMultistreamPeruttTool(TimeProvider.System),
    ];
}
