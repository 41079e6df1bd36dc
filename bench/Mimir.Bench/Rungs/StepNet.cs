namespace Mimir.Bench.Rungs;

/// <summary>A network that a process of its own trains.</summary>
/// <param name="Word">What the process takes as its argument.</param>
/// <param name="Name">What the report calls it.</param>
/// <param name="Frames">The frames of a step.</param>
/// <param name="Create">Makes its trainer.</param>
internal sealed record StepNet(string Word, string Name, int Frames, Func<ITrainer> Create)
{
    private const int Batch = 256;

    public static StepNet Dnn { get; } = OfDnn(Batch);

    public static StepNet LargeBatch { get; } = OfDnn(1024);

    public static StepNet Small { get; } =
        new("small", $"DNN 440-64x3-600, batch {Batch}", Batch, () => new DnnTrainer(hiddenLayers: 3, hiddenDim: 64, classes: 600, Batch));

    public static StepNet Lstmp { get; } = OfLstm(LstmCase.All[0]);

    public static StepNet Blstm { get; } = OfLstm(LstmCase.All[1]);

    /// <summary>The one of a word.</summary>
    /// <param name="word">The argument of the process.</param>
    public static StepNet Find(string word) => new[] { Dnn, LargeBatch, Small, Lstmp, Blstm }.First(net => net.Word == word);

    private static StepNet OfDnn(int batch) =>
        new($"dnn{batch}", $"DNN 440-1024x4-600, batch {batch}", batch, () => DnnTrainer.Large(batch));

    private static StepNet OfLstm(LstmCase of) => new(of.Rung, of.Name, of.Frames, () => new LstmTrainer(of));
}
