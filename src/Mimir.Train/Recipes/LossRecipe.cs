using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The loss that training minimises; the one key of <c>train.loss</c> names the kind.</summary>
[Kind("cross-entropy", typeof(CrossEntropyRecipe))]
[Kind("mmi", typeof(MmiRecipe))]
[Kind("mpe", typeof(MpeRecipe))]
[Kind("smbr", typeof(SmbrRecipe))]
[Kind("multitask", typeof(MultitaskRecipe))]
[Kind("teacher", typeof(TeacherRecipe))]
[Kind("ctc", typeof(CtcRecipe))]
public abstract record LossRecipe
{
    /// <summary>True for a loss over whole utterances: batches and cross-validation are of them.</summary>
    internal virtual bool NeedsUtterances => false;

    /// <summary>True for a loss that needs a class of each frame, from alignments or targets.</summary>
    internal virtual bool NeedsFrameTargets => true;
}

/// <summary>The cross-entropy of each frame against its target, as nnet1's Xent.</summary>
public sealed record CrossEntropyRecipe : LossRecipe
{
    /// <summary>
    /// The share of each target that is spread over all classes in training; cross-validation has the targets themselves. Soft
    /// targets are not smoothed.
    /// </summary>
    [Option("label-smoothing", Min = 0, Max = 1, MaxExcluded = true)]
    public double LabelSmoothing { get; init; }
}

/// <summary>
/// Cross-entropies side by side, each with a softmax over its own part of the outputs, as nnet1's multitask on a BlockSoftmax. The
/// targets are posteriors over all outputs (<c>corpus.*.targets</c>); a frame counts in a task where it has targets of that task, so
/// that several languages share the layers below.
/// </summary>
public sealed record MultitaskRecipe : LossRecipe
{
    /// <summary>The number of outputs of each task, in their order; together the <c>dim</c> of the softmax.</summary>
    [Option("outputs", Required = true, Min = 1, Max = 1 << 20)]
    public IReadOnlyList<int> Outputs { get; init; } = [];

    /// <summary>The factor on the loss of each task; without it 1.</summary>
    [Option("weights", Min = 0)]
    public IReadOnlyList<double> Weights { get; init; } = [];
}

/// <summary>
/// The divergence from a trained network, the teacher, which computes the same batches in the same job; with a share of the
/// cross-entropy against the targets. Cross-validation is by the cross-entropy alone, so that runs can be compared.
/// </summary>
public sealed record TeacherRecipe : LossRecipe
{
    /// <summary>The teacher: the folder of a run, or its <c>model</c> folder; it takes the same features.</summary>
    [Option("model", Required = true), ValueKind<PathKind>]
    public string Model { get; init; } = "";

    /// <summary>The temperature of both softmaxes; above 1 it shows more of the teacher's doubts.</summary>
    [Option("temperature", Min = 0, MinExcluded = true, Max = 1000)]
    public double Temperature { get; init; } = 1;

    /// <summary>The share of the cross-entropy against the targets; the teacher has the rest.</summary>
    [Option("hard-weight", Min = 0, Max = 1)]
    public double HardWeight { get; init; } = 0.5;
}

/// <summary>The units that a text is spelled in.</summary>
public enum CtcUnit
{
    /// <summary>Words.</summary>
    Word,

    /// <summary>Characters of scripts like Chinese, and letters.</summary>
    Character,

    /// <summary>Phones: the first pronunciation of each word in a lexicon.</summary>
    Phone,
}

/// <summary>
/// Connectionist temporal classification: a network is trained from transcripts alone, without alignments. Its outputs are the units
/// of the training transcripts in the order of their names, after the blank.
/// </summary>
public sealed record CtcRecipe : LossRecipe
{
    /// <summary>The units that the file <c>text</c> of a set is spelled in.</summary>
    [Option("unit")]
    public CtcUnit Unit { get; init; }

    /// <summary>The lexicon for phones: <c>lexicon.txt</c>.</summary>
    [Option("lexicon"), ValueKind<PathKind>]
    public string? Lexicon { get; init; }

    /// <inheritdoc/>
    internal override bool NeedsUtterances => true;

    /// <inheritdoc/>
    internal override bool NeedsFrameTargets => false;
}
