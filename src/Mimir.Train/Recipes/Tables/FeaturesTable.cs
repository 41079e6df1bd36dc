using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>features</c>.</summary>
internal static class FeaturesTable
{
    private static readonly Section<CmvnRecipe> Cmvn = new(new CmvnRecipe(), new()
    {
        {
            "per", c => c.Per, (c, v) => c with { Per = v },
            Kinds.Choice(
                ("speaker", CmvnScope.Speaker), ("utterance", CmvnScope.Utterance), ("global", CmvnScope.Global),
                ("none", CmvnScope.None)),
            "Over what the statistics are taken; `none` for no normalisation."
        },
        {
            "norm-means", c => c.NormMeans, (c, v) => c with { NormMeans = v }, Kinds.Flag,
            "Whether the mean is subtracted."
        },
        {
            "norm-vars", c => c.NormVars, (c, v) => c with { NormVars = v }, Kinds.Flag,
            "Whether the variance is divided out."
        },
    });

    private static readonly Section<PitchRecipe> Pitch = new(
        new PitchRecipe(),
        new(),
        new(
            p => p.Options,
            (p, v) => p with { Options = v },
            "An option of Kaldi's compute-kaldi-pitch-feats or process-kaldi-pitch-feats by its name, such as `max-f0`."));

    private static readonly Section<DeltasRecipe> Deltas = new(new DeltasRecipe(), new()
    {
        {
            "order", d => d.Order, (d, v) => d with { Order = v }, Kinds.Whole(1, 8),
            "The highest derivative."
        },
        {
            "window", d => d.Window, (d, v) => d with { Window = v }, Kinds.Whole(1, 100),
            "The half width of the regression window, in frames."
        },
    });

    private static readonly Section<SpliceRecipe> Splice = new(new SpliceRecipe(), new()
    {
        { "left", s => s.Left, (s, v) => s with { Left = v }, Kinds.Whole(0, 1000), "Frames before." },
        { "right", s => s.Right, (s, v) => s with { Right = v }, Kinds.Whole(0, 1000), "Frames after." },
    });

    /// <summary>Gets the section.</summary>
    public static Section<FeaturesRecipe> Features { get; } = new(
        new FeaturesRecipe(),
        new()
        {
            {
                "type", f => f.Type, (f, v) => f with { Type = v },
                Kinds.Choice(("fbank", FeatureType.Fbank), ("mfcc", FeatureType.Mfcc), ("plp", FeatureType.Plp),
                    ("given", FeatureType.Given)),
                "What is computed from audio, or `given` for the features that each set's `features` names."
            },
            {
                "pitch", f => f.Pitch, (f, v) => f with { Pitch = v }, new OptionalKind<PitchRecipe>(Pitch, new()),
                "Pitch features behind the others on each frame, as Kaldi's make_mfcc_pitch.sh; `{}` for its defaults."
            },
            {
                "cmvn", f => f.Cmvn, (f, v) => f with { Cmvn = v }, Cmvn,
                "Mean and variance normalisation over time, as Kaldi's apply-cmvn."
            },
            {
                "deltas", f => f.Deltas, (f, v) => f with { Deltas = v }, new OptionalKind<DeltasRecipe>(Deltas, new()),
                "Time derivatives, as Kaldi's add-deltas; without it none."
            },
            {
                "splice", f => f.Splice, (f, v) => f with { Splice = v }, Splice,
                "The frames of context that go in with each frame; the ends of an utterance are repeated."
            },
            {
                "normalise", f => f.Normalise, (f, v) => f with { Normalise = v },
                Kinds.Choice(("global", Normalisation.Global), ("none", Normalisation.None)),
                "`global`: each spliced dimension to zero mean and unit variance over the training set."
            },
        },
        new(
            f => f.Options,
            (f, v) => f with { Options = v },
            "An option of Kaldi's compute-fbank-feats, compute-mfcc-feats or compute-plp-feats by its name, such as `num-mel-bins`."));
}
