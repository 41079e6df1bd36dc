using System.Text;
using Mimir.Base.Options;
using Mimir.Base.Text;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The sets of utterances of a run.</summary>
public sealed record CorpusRecipe
{
    /// <summary>A corpus that Mimir makes when its folder is missing.</summary>
    [Option("synth")]
    public SynthRecipe? Synth { get; init; }

    /// <summary>
    /// The address of a corpus that is not on this machine: <c>https://host/corpus</c>, or a shared folder; it has
    /// <c>SHA256SUMS</c>. All relative paths of the sets, and in their scripts, start there. Name and password come from
    /// <c>~/.netrc</c> or the environment, or stand in the address; no file of the run has them.
    /// </summary>
    [Option("source"), ValueKind<PathKind>]
    public string? Source { get; init; }

    /// <summary>The cache of files of <c>source</c> on this machine.</summary>
    [Option("cache")]
    public CacheRecipe Cache { get; init; } = new();

    /// <summary>The set to train on; it needs alignments or targets.</summary>
    [Option("train", Required = true)]
    public CorpusSet? Train { get; init; }

    /// <summary>The cross-validation set, which drives the learning rate; it needs alignments or targets.</summary>
    [Option("cv", Required = true)]
    public CorpusSet? Cv { get; init; }

    /// <summary>A set of its own for choosing decoding weights (<c>decode: {tune-on: dev}</c>).</summary>
    [Option("dev")]
    public CorpusSet? Dev { get; init; }

    /// <summary>The test set of a corpus that has one.</summary>
    [Option("test")]
    public CorpusSet? Test { get; init; }

    /// <summary>Test sets by name, for a corpus that has several.</summary>
    [Option("tests", Expected = "a map of test sets by name")]
    public IReadOnlyDictionary<string, CorpusSet> Tests { get; init; } = new Dictionary<string, CorpusSet>();

    /// <summary>Gets every test set with its name: <see cref="Test"/> first, then <see cref="Tests"/> in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, CorpusSet>> TestSets =>
        Test is null ? [.. Tests] : [new("test", Test), .. Tests];

    /// <summary>Gets every set of the recipe, in the order train, cv, dev, test sets.</summary>
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
    /// <param name="name">The name.</param>
    /// <returns>The set, or null when the recipe has none of that name.</returns>
    public CorpusSet? Find(string name) => AllSets.FirstOrDefault(set => set.Key == name).Value;

    /// <summary>The path of a set in the recipe: <c>corpus.train</c>, <c>corpus.tests.noisy</c>.</summary>
    /// <param name="name">The set's name.</param>
    /// <param name="set">The set.</param>
    internal string PathOf(string name, CorpusSet set) =>
        Tests.TryGetValue(name, out var other) && ReferenceEquals(other, set) ? $"corpus.tests.{name}" : $"corpus.{name}";
}

/// <summary>A set of utterances: a Kaldi data directory with its alignments or targets.</summary>
public sealed record CorpusSet
{
    /// <summary>
    /// The Kaldi data directory: <c>wav.scp</c>, <c>utt2spk</c>, <c>text</c> and, when there are any, <c>segments</c>; or a manifest of
    /// lhotse, <c>cuts.jsonl.gz</c> or <c>supervisions.jsonl.gz</c> with <c>recordings.jsonl.gz</c> beside it.
    /// </summary>
    [Option("dir", Required = true), ValueKind<PathKind>]
    public string Dir { get; init; } = "";

    /// <summary>The folder that relative paths in <c>wav.scp</c> start from.</summary>
    [Option("root"), ValueKind<PathKind>]
    public string Root { get; init; } = ".";

    /// <summary>The folder of <c>ali.*.gz</c>, or a pattern for such files.</summary>
    [Option("alignments"), ValueKind<PathKind>]
    public string? Alignments { get; init; }

    /// <summary>Soft targets: an rspecifier (<c>ark:post.ark</c>) of posteriors over pdfs, in place of <c>alignments</c>.</summary>
    [Option("targets"), ValueKind<RspecifierKind>]
    public string? Targets { get; init; }

    /// <summary>An rspecifier of float vectors: the weight of each frame; frames of weight 0 are left out. Without it 1.</summary>
    [Option("frame-weights"), ValueKind<RspecifierKind>]
    public string? FrameWeights { get; init; }

    /// <summary>An rspecifier of floats: the weight of each utterance; utterances of weight 0 are left out. Without it 1.</summary>
    [Option("utterance-weights"), ValueKind<RspecifierKind>]
    public string? UtteranceWeights { get; init; }

    /// <summary>
    /// The transition model of the alignments or targets; without it <c>final.mdl</c> beside the alignments. With <c>targets</c>
    /// and without it, the softmax names the number of classes (<c>dim</c>), and nothing can be decoded.
    /// </summary>
    [Option("transition-model"), ValueKind<PathKind>]
    public string? TransitionModel { get; init; }

    /// <summary>A file with one utterance id a line; the other utterances are left out.</summary>
    [Option("utterances"), ValueKind<PathKind>]
    public string? Utterances { get; init; }

    /// <summary>An rspecifier (<c>scp:feats.scp</c>) of features that exist already, for <c>features: {type: given}</c>.</summary>
    [Option("features"), ValueKind<RspecifierKind>]
    public string? Features { get; init; }

    /// <summary>An rspecifier (<c>scp:cmvn.scp</c>) of CMVN statistics that exist already; without it they are computed.</summary>
    [Option("cmvn"), ValueKind<RspecifierKind>]
    public string? Cmvn { get; init; }

    /// <summary>
    /// A file in the form of <c>text</c> with reference transcripts of this set; without it the directory's own <c>text</c>.
    /// </summary>
    [Option("reference"), ValueKind<PathKind>]
    public string? Reference { get; init; }

    /// <summary>The encoding of the directory's files and of the transcripts, where it is not UTF-8: <c>gbk</c>, <c>big5</c> …</summary>
    [Option("encoding"), ValueKind<EncodingKind>]
    public string? Encoding { get; init; }

    /// <summary>Gets the encoding of the set's texts; null for UTF-8.</summary>
    internal Encoding? TextEncoding => Encoding is null ? null : TextEncodings.Find(Encoding);
}

/// <summary>A corpus that Mimir makes when its folder is missing.</summary>
public sealed record SynthRecipe
{
    /// <summary>The kind of corpus.</summary>
    [Option("kind"), ValueKind<SynthKind>]
    public string Kind { get; init; } = "mandarin-digits";

    /// <summary>The folder to make; a complete one is used as it is.</summary>
    [Option("dir", Required = true), ValueKind<PathKind>]
    public string Dir { get; init; } = "";

    /// <summary>An option of the corpus maker (<c>mimir corpus synth --help</c>).</summary>
    [OtherKeys]
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}

/// <summary>The cache on this machine of a corpus that is elsewhere.</summary>
public sealed record CacheRecipe
{
    /// <summary>The folder, on a disk of this machine; all runs and workers of a machine should share one.</summary>
    [Option("folder"), ValueKind<PathKind>]
    public string Folder { get; init; } = "~/.cache/mimir";

    /// <summary>The largest size of the folder, in units of 10^9 bytes; it may be less than the corpus has.</summary>
    [Option("gigabytes", Min = 0, MinExcluded = true)]
    public double Gigabytes { get; init; } = 20;

    /// <summary>Gets the folder with the home folder in place of <c>~</c>.</summary>
    public string FullFolder => Path.GetFullPath(
        Folder == "~" || Folder.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Folder[1..]
            : Folder);
}

/// <summary>A table specifier of Kaldi's for reading.</summary>
public sealed class RspecifierKind() : TextKind(
    "an rspecifier such as scp:table.scp",
    text => (text.StartsWith("scp", StringComparison.Ordinal) || text.StartsWith("ark", StringComparison.Ordinal)) && text.Contains(':'));

/// <summary>The name of an encoding of text.</summary>
public sealed class EncodingKind() : TextKind("an encoding such as gbk, big5 or latin1", TextEncodings.IsKnown);

/// <summary>A kind of corpus that Mimir makes.</summary>
public sealed class SynthKind() : WordKind(["mandarin-digits"]);
