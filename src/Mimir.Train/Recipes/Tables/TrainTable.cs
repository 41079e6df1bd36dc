using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>train</c>.</summary>
internal static class TrainTable
{
    private static readonly Section<BatchRecipe> Batch = new(new BatchRecipe(), new()
    {
        {
            "unit", b => b.Unit, (b, v) => b with { Unit = v },
            Kinds.Choice(("frames", BatchUnit.Frames), ("chunks", BatchUnit.Chunks), ("utterances", BatchUnit.Utterances)),
            "What a minibatch is made of: single frames in random order, the next few frames of some utterances (with the state of "
            + "recurrent layers carried on), or whole utterances of similar length."
        },
        {
            "frames", b => b.Frames, (b, v) => b with { Frames = v }, Kinds.Whole(1, 1 << 24),
            "Frames of a minibatch; of whole utterances the most, which a longer utterance has for itself. Not for `chunks`."
        },
        {
            "streams", b => b.Streams, (b, v) => b with { Streams = v }, Kinds.Whole(1, 1 << 16),
            "Utterances that go on side by side, with `chunks`."
        },
        {
            "chunk", b => b.Chunk, (b, v) => b with { Chunk = v }, Kinds.Whole(1, 1 << 16),
            "The frames that each of them gives to a minibatch, through which gradients flow back."
        },
        {
            "segment", b => b.Segment, (b, v) => b with { Segment = v }, Kinds.Whole(0, 1 << 24),
            "With `utterances`, the frames of the segments that they are cut into, each of which is learnt from as if it were an "
            + "utterance; an utterance's last one has from half to one and a half of them. 0: utterances stay whole."
        },
        {
            "shuffle-window", b => b.ShuffleWindow, (b, v) => b with { ShuffleWindow = v }, Kinds.Whole(1),
            "Single frames that are shuffled together; `chunks` and `utterances` shuffle all utterances."
        },
    });

    private static readonly Section<CheckpointRecipe> Checkpoint = new(new CheckpointRecipe(), new()
    {
        {
            "minutes", c => c.Minutes, (c, v) => c with { Minutes = v }, Kinds.Number(0),
            "Minutes between two checkpoints within an epoch; 0 for none but the one at each epoch's end."
        },
        {
            "keep", c => c.Keep, (c, v) => c with { Keep = v }, Kinds.Whole(1, 10000),
            "How many of the latest checkpoints stay on the disk."
        },
    });

    /// <summary>Gets the section.</summary>
    public static Section<TrainRecipe> Train { get; } = new(new TrainRecipe(), new()
    {
        {
            "loss", t => t.Loss, (t, v) => t with { Loss = v }, Kinds.Choice(("cross-entropy", LossKind.CrossEntropy)),
            "What training makes small."
        },
        { "batch", t => t.Batch, (t, v) => t with { Batch = v }, Batch, "What goes into one minibatch." },
        {
            "target-delay", t => t.TargetDelay, (t, v) => t with { TargetDelay = v }, Kinds.Whole(0, 1000),
            "The frames by which the input lies later than the target, so that a layer that remembers has seen as much of what comes."
        },
        {
            "optimiser", t => t.Optimiser, (t, v) => t with { Optimiser = v }, OptimiserTable.Optimiser,
            "How a gradient changes the parameters."
        },
        {
            "schedule", t => t.Schedule, (t, v) => t with { Schedule = v }, ScheduleTable.Schedule,
            "How the learning rate falls and when training ends."
        },
        {
            "device", t => t.Device, (t, v) => t with { Device = v }, Kinds.Device,
            "`auto` (CUDA when there is one), `cpu`, `cuda` or `cuda:<index>`."
        },
        {
            "threads", t => t.Threads, (t, v) => t with { Threads = v }, Kinds.Whole(0, 4096),
            "Threads of the CPU; 0 for one each core."
        },
        {
            "checkpoint", t => t.Checkpoint, (t, v) => t with { Checkpoint = v }, Checkpoint,
            "When the state of training is saved."
        },
        {
            "max-dropped", t => t.MaxDropped, (t, v) => t with { MaxDropped = v }, Kinds.Number(0, 1),
            "The largest share of a set's utterances that may be dropped (no alignment, lengths that differ, broken audio) "
            + "before the run is refused."
        },
        {
            "length-tolerance", t => t.LengthTolerance, (t, v) => t with { LengthTolerance = v }, Kinds.Whole(1, 100000),
            "Alignment and features that differ by this many frames or more drop the utterance; below it the longer is cut."
        },
    });
}
