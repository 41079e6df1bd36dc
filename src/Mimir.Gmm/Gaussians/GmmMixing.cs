using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Gmm.Gaussians;

/// <summary>The options of mixing up and down.</summary>
public sealed record GmmMixingOptions
{
    /// <summary>Number of Gaussians of all pdfs to split to; 0 for no splitting.</summary>
    [Option("mix-up", Min = 0)]
    public int MixUp { get; init; }

    /// <summary>Number of Gaussians of all pdfs to merge to; 0 for no merging.</summary>
    [Option("mix-down", Min = 0)]
    public int MixDown { get; init; }

    /// <summary>Least frames for each Gaussian of a pdf.</summary>
    [Option("min-count", Min = 0)]
    public float MinCount { get; init; } = 20;

    /// <summary>Power of the occupancies by which Gaussians are shared out among the pdfs.</summary>
    [Option("power")]
    public float Power { get; init; } = 0.2f;

    /// <summary>Distance by which the means of a Gaussian that is split are moved apart, in standard deviations.</summary>
    [Option("perturb-factor")]
    public float PerturbFactor { get; init; } = 0.01f;
}

/// <summary>Shares Gaussians out among the pdfs of a model by their occupancies, and splits or merges them.</summary>
public static class GmmMixing
{
    /// <summary>Merges Gaussians, and then splits them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="occupancies">The frames of each pdf.</param>
    /// <param name="options">The numbers to reach; 0 leaves a step out.</param>
    /// <param name="log">Receives a line for each step; null drops it.</param>
    /// <param name="warn">Receives a line when there are too few frames for all Gaussians; null drops it.</param>
    /// <exception cref="InputException">The occupancies are of another model.</exception>
    public static AmDiagGmm Mix(
        AmDiagGmm model, ReadOnlySpan<float> occupancies, GmmMixingOptions options, Action<string>? log = null, Action<string>? warn = null)
    {
        if (occupancies.Length != model.Pdfs.Count)
            throw new InputException($"Dimension of state occupancies {occupancies.Length} does not match num-pdfs {model.Pdfs.Count}");

        var start = model.Gaussians;
        if (options.MixDown != 0)
        {
            var targets = MixtureTargets.Of(occupancies, options.MixDown, options.Power, options.MinCount, warn);
            model = new AmDiagGmm([.. model.Pdfs.Select((pdf, i) => pdf.Gaussians > targets[i] ? pdf.Merge(targets[i]) : pdf)]);
            log?.Invoke(FormattableString.Invariant(
                $"Merged {model.Pdfs.Count} states with target = {options.MixDown}, power = {options.Power} and min_count = ")
                + FormattableString.Invariant($"{options.MinCount}, merged from {start} to {model.Gaussians}"));
        }

        start = model.Gaussians;
        if (options.MixUp != 0)
        {
            // Kaldi's programs begin with the random numbers of the C library's own seed.
            var random = new CLibraryRandom(1);
            var targets = MixtureTargets.Of(occupancies, options.MixUp, options.Power, options.MinCount, warn);
            model = new AmDiagGmm([.. model.Pdfs.Select((pdf, i) =>
                pdf.Gaussians < targets[i] ? pdf.Split(targets[i], options.PerturbFactor, random) : pdf)]);
            log?.Invoke(FormattableString.Invariant(
                $"Split {model.Pdfs.Count} states with target = {options.MixUp}, power = {options.Power}, perturb_factor = ")
                + FormattableString.Invariant($"{options.PerturbFactor} and min_count = {options.MinCount}, ")
                + FormattableString.Invariant($"split #Gauss from {start} to {model.Gaussians}"));
        }

        return model;
    }
}
