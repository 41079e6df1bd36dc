using Mimir.Core.Optimisers;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>The options that nnet1's trainers have in common, with the values of a command line.</summary>
internal sealed class TrainingOptions
{
    private KaldiOptionParser? _parser;

    /// <summary>Gets where to compute.</summary>
    public EngineOptions Engine { get; } = new("yes");

    /// <summary>Gets the learning rate.</summary>
    public float Rate { get; private set; } = 0.008f;

    /// <summary>Gets momentum and penalties.</summary>
    public SgdOptions Sgd { get; private set; } = new();

    /// <summary>Gets the frames between two reports of the loss, 0 for none.</summary>
    public int ReportFrames { get; private set; } = 5 * 3600 * 100;

    /// <summary>Gets a value indicating whether the model is written in binary.</summary>
    public bool Binary { get; private set; } = true;

    /// <summary>Gets a value indicating whether the network is evaluated only.</summary>
    public bool CrossValidate { get; private set; }

    /// <summary>Gets the file of the feature transform, or nothing.</summary>
    public string Transform { get; private set; } = "";

    /// <summary>Gets the description of the objective.</summary>
    public string Objective { get; private set; } = "xent";

    /// <summary>Gets the difference of lengths from which on an utterance is passed over.</summary>
    public int LengthTolerance { get; private set; } = 5;

    /// <summary>Gets the rspecifier of the weights of frames, or nothing.</summary>
    public string FrameWeights { get; private set; } = "";

    /// <summary>Gets how much is to be told.</summary>
    public int Verbose => _parser?.Verbose ?? 0;

    /// <summary>Adds the options to those of a program.</summary>
    public void Register(KaldiOptionParser parser)
    {
        _parser = parser;
        parser.AddFloat("learn-rate", Rate, "Learning rate", v => Rate = v);
        parser.AddFloat("momentum", 0, "Momentum", v => Sgd = Sgd with { Momentum = v });
        parser.AddFloat("l2-penalty", 0, "L2 penalty (weight decay)", v => Sgd = Sgd with { WeightDecay = v });
        parser.AddFloat("l1-penalty", 0, "L1 penalty (promote sparsity)", v => Sgd = Sgd with { L1 = v });
        parser.AddInt("loss-report-frames", ReportFrames, "Report loss per blocks of N frames (0 = no reports)", v => ReportFrames = v);
        parser.AddBool("binary", Binary, "Write output in binary mode", v => Binary = v);
        parser.AddBool("cross-validate", false, "Perform cross-validation (don't back-propagate)", v => CrossValidate = v);
        parser.AddString("feature-transform", "", "Feature transform in Nnet format", v => Transform = v);
        parser.AddInt(
            "length-tolerance", LengthTolerance,
            "Allowed length mismatch of features/targets/weights (in frames, we truncate to the shortest)", v => LengthTolerance = v);
        parser.AddString("frame-weights", "", "Per-frame weights, used to re-scale gradients.", v => FrameWeights = v);
        Engine.Register(parser);
    }

    /// <summary>Adds the choice of an objective, which not every program has.</summary>
    public void RegisterObjective(KaldiOptionParser parser) =>
        parser.AddString("objective-function", Objective, "Objective function : xent|mse|multitask", v => Objective = v);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One means nothing.</exception>
    public void Check()
    {
        if (!float.IsFinite(Rate) || Sgd.Momentum is not (>= 0 and < 1) || !(Sgd.L1 >= 0) || !(Sgd.WeightDecay >= 0))
            throw new ArgumentException("expected a finite --learn-rate, a --momentum in [0, 1), and penalties of 0 or more.");
    }
}
