namespace Mimir.Train.Recipes;

/// <summary>The sets of utterances of a run.</summary>
public sealed record CorpusRecipe
{
    /// <summary>A corpus that is made when it is missing, or null when all sets exist already.</summary>
    public SynthRecipe? Synth { get; init; }

    /// <summary>
    /// Where the corpus lies: an address (<c>https://host/corpus</c>) or a shared folder, with <c>SHA256SUMS</c>. All relative
    /// paths of the sets start there. Null for files of this machine.
    /// </summary>
    public string? Source { get; init; }

    /// <summary>Where files of <see cref="Source"/> are kept.</summary>
    public CacheRecipe Cache { get; init; } = new();

    /// <summary>The set to train on; it needs alignments or targets.</summary>
    public CorpusSet? Train { get; init; }

    /// <summary>The cross-validation set, which drives the learning rate; it needs alignments or targets.</summary>
    public CorpusSet? Cv { get; init; }

    /// <summary>A set apart for choosing decoding weights, or null; see <see cref="DecodeRecipe.TuneOn"/>.</summary>
    public CorpusSet? Dev { get; init; }

    /// <summary>The one test set of a corpus that has one, called <c>test</c>; or null.</summary>
    public CorpusSet? Test { get; init; }

    /// <summary>Test sets by name, for a corpus that has several.</summary>
    public IReadOnlyDictionary<string, CorpusSet> Tests { get; init; } = new Dictionary<string, CorpusSet>();

    /// <summary>Gets every test set with its name: <see cref="Test"/> first, then <see cref="Tests"/> in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, CorpusSet>> TestSets =>
        Test is null ? [.. Tests] : [new("test", Test), .. Tests];

    /// <summary>Gets every set that the recipe names, in the order train, cv, dev, test sets.</summary>
    public IEnumerable<KeyValuePair<string, CorpusSet>> AllSets
    {
        get
        {
            if (Train is not null)
                yield return new("train", Train);
            if (Cv is not null)
                yield return new("cv", Cv);
            if (Dev is not null)
                yield return new("dev", Dev);
            foreach (var set in TestSets)
                yield return set;
        }
    }

    /// <summary>Finds a set by its name (<c>train</c>, <c>cv</c>, <c>dev</c>, <c>test</c> or a name in <c>tests</c>).</summary>
    /// <returns>The set, or null when the recipe has none of that name.</returns>
    public CorpusSet? Find(string name) => AllSets.FirstOrDefault(set => set.Key == name).Value;
}

/// <summary>A set of utterances: a Kaldi data directory and what belongs to it.</summary>
public sealed record CorpusSet
{
    /// <summary>The data directory: <c>wav.scp</c>, <c>utt2spk</c>, <c>text</c> and, when there are any, <c>segments</c>.</summary>
    public string Dir { get; init; } = "";

    /// <summary>The folder that relative paths in <c>wav.scp</c> start from. The default is the current folder.</summary>
    public string Root { get; init; } = ".";

    /// <summary>The folder of <c>ali.*.gz</c>, or a pattern for such files; null for a set without alignments.</summary>
    public string? Alignments { get; init; }

    /// <summary>
    /// An rspecifier (<c>ark:post.ark</c>) of posteriors over pdfs to train towards instead of alignments, or null.
    /// </summary>
    public string? Targets { get; init; }

    /// <summary>An rspecifier of a vector for each utterance with the weight of each frame, or null when all are 1.</summary>
    public string? FrameWeights { get; init; }

    /// <summary>An rspecifier of a weight for each utterance, or null when all are 1.</summary>
    public string? UtteranceWeights { get; init; }

    /// <summary>The transition model of the alignments or targets, or null for <c>final.mdl</c> beside the alignments.</summary>
    public string? TransitionModel { get; init; }

    /// <summary>A file with one utterance id a line; the others are left out. Null for all utterances.</summary>
    public string? Utterances { get; init; }

    /// <summary>An rspecifier (<c>scp:feats.scp</c>) of features that exist already, for <c>type: given</c>; or null.</summary>
    public string? Features { get; init; }

    /// <summary>An rspecifier (<c>scp:cmvn.scp</c>) of CMVN statistics that exist already, or null to compute them.</summary>
    public string? Cmvn { get; init; }

    /// <summary>Transcripts to score against, in the form of <c>text</c>, or null for the directory's own <c>text</c>.</summary>
    public string? Reference { get; init; }
}

/// <summary>A corpus that Mimir makes when its folder is missing.</summary>
public sealed record SynthRecipe
{
    /// <summary>The kind of corpus. The only kind, and the default, is <c>mandarin-digits</c>.</summary>
    public string Kind { get; init; } = "mandarin-digits";

    /// <summary>The folder to make.</summary>
    public string Dir { get; init; } = "";

    /// <summary>The corpus maker's own options by their names, each as text.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
