using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Core.Optimisers;

namespace Mimir.Train.Recipes;

/// <summary>The place of the training frames.</summary>
public enum FrameStore
{
    /// <summary>In memory where there is room, else streamed.</summary>
    Auto,

    /// <summary>In memory.</summary>
    Memory,

    /// <summary>Where they are; they are read while they are trained on.</summary>
    Stream,
}

/// <summary>The training of the model.</summary>
public sealed record TrainRecipe
{
    /// <summary>The loss that training minimises.</summary>
    [Option("loss", Expected = "a loss")]
    public LossRecipe Loss { get; init; } = new CrossEntropyRecipe();

    /// <summary>
    /// The run whose network training starts from, or the folder of a model; its layers are those of this recipe. Without it training
    /// starts from random weights.
    /// </summary>
    [Option("from"), ValueKind<PathKind>]
    public string? From { get; init; }

    /// <summary>The content of a minibatch.</summary>
    [Option("batch")]
    public BatchRecipe Batch { get; init; } = new();

    /// <summary>
    /// The frames by which the input lies later than the target, so that a recurrent layer has seen as many later frames. At the
    /// end of an utterance its last frame is repeated.
    /// </summary>
    [Option("target-delay", Min = 0, Max = 1000)]
    public int TargetDelay { get; init; }

    /// <summary>The change of the parameters by a gradient.</summary>
    [Option("optimiser", Expected = "an optimiser")]
    public OptimiserOptions Optimiser { get; init; } = new SgdOptions();

    /// <summary>The course of the learning rate, and the end of training.</summary>
    [Option("schedule", Expected = "a schedule")]
    public ScheduleRecipe Schedule { get; init; } = new NewbobRecipe();

    /// <summary>
    /// The rates of all layers with dropout as a function of the share of the data of all epochs that is done, in the syntax of
    /// Kaldi's --trainer.dropout-schedule; without it each layer's own.
    /// </summary>
    [Option("dropout"), ValueKind<DropoutScheduleKind>]
    public string? Dropout { get; init; }

    /// <summary>The learning of some layers that differs from the rest, by the name of the layer or of the node of the graph.</summary>
    [Option("layers", Expected = "a map of layers by name")]
    public IReadOnlyDictionary<string, LayerTrainingRecipe> Layers { get; init; } = new Dictionary<string, LayerTrainingRecipe>();

    /// <summary>
    /// The size of the gradient of a frame that repairs units whose derivative is nearly always small (ReLU: or 1), for one worker;
    /// 0 for none. Kaldi: self-repair-scale, 1e-5 in its layers.
    /// </summary>
    [Option("self-repair", Min = 0, Max = 0.1, MaxExcluded = true)]
    public double SelfRepair { get; init; }

    /// <summary>
    /// The share by which all parameters shrink at the start of each epoch, as a multiple of the learning rate. Kaldi:
    /// --trainer.optimization.proportional-shrink, at each iteration.
    /// </summary>
    [Option("proportional-shrink", Min = 0)]
    public double ProportionalShrink { get; init; }

    /// <summary>The mean of models of the run that may become its model; none without it.</summary>
    [Option("average", Expected = "an average")]
    public AverageRecipe? Average { get; init; }

    /// <summary><c>auto</c> (CUDA when there is a card), <c>cpu</c>, <c>cuda</c> or <c>cuda:&lt;index&gt;</c>.</summary>
    [Option("device"), ValueKind<DeviceKind>]
    public string Device { get; init; } = "auto";

    /// <summary>The threads of the CPU; 0 for the number that makes steps quickest, at most one a core, measured now and again.</summary>
    [Option("threads", Min = 0, Max = 4096)]
    public int Threads { get; init; }

    /// <summary>
    /// The place of the training frames: <c>memory</c>; <c>stream</c>, which reads them from archives or audio while they are trained on
    /// and gives the same model; or <c>auto</c>, which streams what the memory has no room for.
    /// </summary>
    [Option("store")]
    public FrameStore Store { get; init; }

    /// <summary>The checkpoints within an epoch; there is always one at its end.</summary>
    [Option("checkpoint")]
    public CheckpointRecipe Checkpoint { get; init; } = new();

    /// <summary>
    /// The treatment of a loss or a gradient that is not finite: <c>quarantine</c> undoes the step, sets aside the utterance that
    /// caused it and goes on; <c>stop</c> ends the run.
    /// </summary>
    [Option("nan")]
    public NanPolicy Nan { get; init; } = NanPolicy.Quarantine;

    /// <summary>The limits of the quarantine of utterances.</summary>
    [Option("quarantine")]
    public QuarantineRecipe Quarantine { get; init; } = new();

    /// <summary>
    /// The largest share of a set's utterances that may be dropped (no alignment, lengths that differ, broken audio) before the
    /// run is refused.
    /// </summary>
    [Option("max-dropped", Min = 0, Max = 1)]
    public double MaxDropped { get; init; } = 0.1;

    /// <summary>
    /// Alignment and features that differ by this many frames or more drop the utterance; a smaller difference is cut from the
    /// longer one. Kaldi: --length-tolerance.
    /// </summary>
    [Option("length-tolerance", Min = 1, Max = 100_000)]
    public int LengthTolerance { get; init; } = 5;
}

/// <summary>The unit that minibatches are made of.</summary>
public enum BatchUnit
{
    /// <summary>Single frames of many utterances in random order.</summary>
    Frames,

    /// <summary>The next few frames of some utterances at once, with the state of recurrent layers carried over.</summary>
    Chunks,

    /// <summary>Whole utterances of similar length.</summary>
    Utterances,
}

/// <summary>The content of a minibatch.</summary>
public sealed record BatchRecipe
{
    /// <summary>
    /// The unit of minibatches: single frames in random order, the next few frames of some utterances (with the state of recurrent
    /// layers carried over), or whole utterances of similar length.
    /// </summary>
    [Option("unit")]
    public BatchUnit Unit { get; init; }

    /// <summary>
    /// The frames of a minibatch, not for <c>chunks</c>. For <c>utterances</c> the most; a longer utterance is a minibatch alone.
    /// </summary>
    [Option("frames", Min = 1, Max = 1 << 24)]
    public int Frames { get; init; } = 256;

    /// <summary>The number of utterances side by side, for <c>chunks</c>.</summary>
    [Option("streams", Min = 1, Max = 1 << 16)]
    public int Streams { get; init; } = 10;

    /// <summary>The frames of each of them in a minibatch, through which gradients flow back.</summary>
    [Option("chunk", Min = 1, Max = 1 << 16)]
    public int Chunk { get; init; } = 20;

    /// <summary>
    /// The frames of the segments that <c>utterances</c> are cut into, each of which is then an utterance of its own; an
    /// utterance's last one has from half to one and a half of them. 0: no cutting.
    /// </summary>
    [Option("segment", Min = 0, Max = 1 << 24)]
    public int Segment { get; init; }

    /// <summary>The number of minibatches whose gradients make one step of the optimiser; for one worker.</summary>
    [Option("accumulate", Min = 1, Max = 1 << 16)]
    public int Accumulate { get; init; } = 1;

    /// <summary>The number of frames that are shuffled together; <c>chunks</c> and <c>utterances</c> shuffle all utterances.</summary>
    [Option("shuffle-window", Min = 1)]
    public int ShuffleWindow { get; init; } = 32768;
}

/// <summary>The learning of a layer.</summary>
public sealed record LayerTrainingRecipe
{
    /// <summary>True: the layer stays as it is.</summary>
    [Option("frozen")]
    public bool Frozen { get; init; }

    /// <summary>The factor on its learning rate, besides its own.</summary>
    [Option("rate-factor", Min = 0)]
    public double RateFactor { get; init; } = 1;

    /// <summary>The factor on the optimiser's l1 and l2.</summary>
    [Option("l2-factor", Min = 0)]
    public double L2Factor { get; init; } = 1;

    /// <summary>The largest norm of its change in a step of <c>natural-gradient</c>; without it the optimiser's. 0 is no limit.</summary>
    [Option("max-change", Min = 0)]
    public double? MaxChange { get; init; }
}

/// <summary>The checkpoints within an epoch.</summary>
public sealed record CheckpointRecipe
{
    /// <summary>The minutes between two checkpoints within an epoch; 0 for none but the one at each epoch's end.</summary>
    [Option("minutes", Min = 0)]
    public double Minutes { get; init; } = 10;

    /// <summary>The number of latest checkpoints that stay on the disk.</summary>
    [Option("keep", Min = 1, Max = 10_000)]
    public int Keep { get; init; } = 2;
}

/// <summary>A schedule of dropout.</summary>
public sealed class DropoutScheduleKind() : TextKind("rates such as 0,0@0.20,0.5@0.50,0", text =>
{
    try
    {
        DropoutSchedule.Parse(text);
        return true;
    }
    catch (InputException)
    {
        return false;
    }
});

/// <summary>A device of this machine.</summary>
public sealed partial class DeviceKind() : TextKind("auto, cpu, cuda or cuda:<index>", text => Pattern().IsMatch(text))
{
    [GeneratedRegex(@"^(auto|cpu|cuda(:\d{1,3})?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
