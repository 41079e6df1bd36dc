using Mimir.Base.Options;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>The options of a step of gradient descent: Kaldi's NnetTrainOptions.</summary>
internal abstract record StepOptions : BinaryOptions
{
    /// <summary>Learning rate.</summary>
    [Option("learn-rate")]
    public float Rate { get; init; } = 0.008f;

    /// <summary>Momentum: the share of the last step that is taken again.</summary>
    [Option("momentum", Min = 0, Max = 1, MaxExcluded = true)]
    public float Momentum { get; init; }

    /// <summary>L2 penalty of weights (weight decay).</summary>
    [Option("l2-penalty", Min = 0)]
    public float L2 { get; init; }

    /// <summary>L1 penalty of weights (promotes sparsity).</summary>
    [Option("l1-penalty", Min = 0)]
    public float L1 { get; init; }

    /// <summary>Gets momentum and penalties.</summary>
    public SgdOptions Sgd => new() { Momentum = Momentum, L1 = L1, WeightDecay = L2 };
}

/// <summary>The options that nnet1's training programs share.</summary>
internal abstract record TrainingOptions : StepOptions
{
    /// <summary>Frames between two reports of the loss; 0 for none.</summary>
    [Option("loss-report-frames")]
    public int ReportFrames { get; init; } = 5 * 3600 * 100;

    /// <summary>Evaluate the network without training it.</summary>
    [Option("cross-validate")]
    public bool CrossValidate { get; init; }

    /// <summary>File of a network that transforms the features first.</summary>
    [Option("feature-transform")]
    public string Transform { get; init; } = "";

    /// <summary>Difference of lengths in frames from which on an utterance is skipped; below it, the shortest counts.</summary>
    [Option("length-tolerance")]
    public int LengthTolerance { get; init; } = 5;

    /// <summary>Table of a weight for each frame, a factor of its gradient.</summary>
    [Option("frame-weights")]
    public string FrameWeights { get; init; } = "";

    /// <summary>The device.</summary>
    [IncludeOptions]
    public DeviceOptions Device { get; init; } = new() { UseGpu = UseGpu.Yes };

    /// <summary>Gets the description of the objective.</summary>
    public virtual string Objective { get; init; } = "xent";
}

/// <summary>The options of training programs with a choice of objectives.</summary>
internal abstract record ObjectiveOptions : TrainingOptions
{
    /// <summary>Objective: xent, mse or multitask,type,dim,weight,...</summary>
    [Option("objective-function")]
    public override string Objective { get; init; } = "xent";
}

/// <summary>Kaldi's choice of a GPU.</summary>
internal enum UseGpu
{
    /// <summary>A GPU where there is one, else the CPU.</summary>
    Yes,

    /// <summary>The CPU.</summary>
    No,

    /// <summary>The same as <see cref="Yes"/>.</summary>
    Optional,
}

/// <summary>The options of programs that compute with networks.</summary>
internal sealed record DeviceOptions
{
    /// <summary>yes|no|optional: yes and optional use a GPU where there is one, else the CPU.</summary>
    [Option("use-gpu")]
    public UseGpu UseGpu { get; init; } = UseGpu.No;

    /// <summary>Threads of the CPU; 0 for the quickest number, measured. Not an option of Kaldi's.</summary>
    [Option("num-threads", Min = 0)]
    public int Threads { get; init; }

    /// <summary>Sets the number of threads and chooses the device.</summary>
    public Device Select()
    {
        if (Threads == 0)
            Core.Native.Threads.Choose(Environment.ProcessorCount);
        else
            Core.Native.Threads.Count = Threads;
        return UseGpu == UseGpu.No ? Core.Tensors.Device.Cpu : Core.Tensors.Device.Parse("auto");
    }
}
