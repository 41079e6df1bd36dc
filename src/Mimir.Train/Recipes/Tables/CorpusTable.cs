using Mimir.Config;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>corpus</c>.</summary>
internal static class CorpusTable
{
    private static readonly ValueKind<string?> Table = new OptionalKind<string>(Kinds.Rspecifier, "");

    private static readonly Section<CorpusSet> Set = new(new CorpusSet(), new()
    {
        {
            "dir", s => s.Dir, (s, v) => s with { Dir = v }, Kinds.Path,
            "The Kaldi data directory: `wav.scp`, `utt2spk`, `text` and, when there are any, `segments`.", true
        },
        {
            "root", s => s.Root, (s, v) => s with { Root = v }, Kinds.Path,
            "The folder that relative paths in `wav.scp` start from."
        },
        {
            "alignments", s => s.Alignments, (s, v) => s with { Alignments = v }, Kinds.OptionalPath,
            "The folder of `ali.*.gz`, or a pattern for such files."
        },
        {
            "targets", s => s.Targets, (s, v) => s with { Targets = v }, Table,
            "An rspecifier (`ark:post.ark`) of posteriors over pdfs, to train towards instead of `alignments`: soft targets."
        },
        {
            "frame-weights", s => s.FrameWeights, (s, v) => s with { FrameWeights = v }, Table,
            "An rspecifier of float vectors: how much each frame counts; frames of weight 0 are left out. Without it 1."
        },
        {
            "utterance-weights", s => s.UtteranceWeights, (s, v) => s with { UtteranceWeights = v }, Table,
            "An rspecifier of floats: how much each utterance counts; utterances of weight 0 are left out. Without it 1."
        },
        {
            "transition-model", s => s.TransitionModel, (s, v) => s with { TransitionModel = v }, Kinds.OptionalPath,
            "The transition model of the alignments or targets; without it `final.mdl` beside the alignments. With `targets` and "
            + "without it, the softmax says how many classes there are (`dim`), and nothing can be decoded."
        },
        {
            "utterances", s => s.Utterances, (s, v) => s with { Utterances = v }, Kinds.OptionalPath,
            "A file with one utterance id a line; the other utterances are left out."
        },
        {
            "features", s => s.Features, (s, v) => s with { Features = v }, Table,
            "An rspecifier (`scp:feats.scp`) of features that exist already, for `features: {type: given}`."
        },
        {
            "cmvn", s => s.Cmvn, (s, v) => s with { Cmvn = v }, Table,
            "An rspecifier (`scp:cmvn.scp`) of CMVN statistics that exist already; without it they are computed."
        },
        {
            "reference", s => s.Reference, (s, v) => s with { Reference = v }, Kinds.OptionalPath,
            "A file in the form of `text` with reference transcripts of this set; without it the directory's own `text`."
        },
    });

    private static readonly ValueKind<CorpusSet?> OptionalSet = new OptionalKind<CorpusSet>(Set, new());

    private static readonly Section<SynthRecipe> Synth = new(
        new SynthRecipe(),
        new()
        {
            {
                "kind", s => s.Kind, (s, v) => s with { Kind = v }, Kinds.Choice(("mandarin-digits", "mandarin-digits")),
                "The kind of corpus."
            },
            {
                "dir", s => s.Dir, (s, v) => s with { Dir = v }, Kinds.Path,
                "The folder to make; when it is there already it is used as it is.", true
            },
        },
        new(s => s.Options, (s, v) => s with { Options = v }, "An option of the corpus maker (`mimir corpus synth --help`)."));

    private static readonly Section<CacheRecipe> Cache = new(new CacheRecipe(), new()
    {
        {
            "folder", c => c.Folder, (c, v) => c with { Folder = v }, Kinds.Path,
            "The folder, on a disk of this machine; all runs and workers of a machine should share one."
        },
        {
            "gigabytes", c => c.Gigabytes, (c, v) => c with { Gigabytes = v }, Kinds.Positive,
            "The most that lies there; it may be less than the corpus has."
        },
    });

    /// <summary>Gets the section.</summary>
    public static Section<CorpusRecipe> Corpus { get; } = new(new CorpusRecipe(), new()
    {
        {
            "synth", c => c.Synth, (c, v) => c with { Synth = v }, new OptionalKind<SynthRecipe>(Synth, new()),
            "A corpus that Mimir makes when its folder is missing."
        },
        {
            "source", c => c.Source, (c, v) => c with { Source = v }, Kinds.OptionalPath,
            "Where the corpus lies when not on this machine: `https://host/corpus`, or a shared folder; it has `SHA256SUMS`. All "
            + "relative paths of the sets, and in their scripts, start there."
        },
        {
            "cache", c => c.Cache, (c, v) => c with { Cache = v }, Cache,
            "Where files of `source` are kept on this machine."
        },
        {
            "train", c => c.Train, (c, v) => c with { Train = v }, OptionalSet,
            "The set to train on; it needs alignments or targets.", true
        },
        {
            "cv", c => c.Cv, (c, v) => c with { Cv = v }, OptionalSet,
            "The cross-validation set, which drives the learning rate; it needs alignments or targets.", true
        },
        {
            "dev", c => c.Dev, (c, v) => c with { Dev = v }, OptionalSet,
            "A set apart for choosing decoding weights (`decode: {tune-on: dev}`)."
        },
        {
            "test", c => c.Test, (c, v) => c with { Test = v }, OptionalSet,
            "The one test set of a corpus that has one."
        },
        {
            "tests", c => c.Tests, (c, v) => c with { Tests = v },
            new MapKind<CorpusSet>(Set, new(), "a map of test sets by name"),
            "Test sets by name, for a corpus that has several."
        },
    });
}
