using Mimir.Config;
using Mimir.Decode.Scoring;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>decode</c>.</summary>
internal static class DecodeTable
{
    private static readonly Section<ScoreRecipe> Score = new(new ScoreRecipe(), new()
    {
        {
            "unit", s => s.Unit, (s, v) => s with { Unit = v },
            Kinds.Choice(("word", ScoreUnit.Word), ("character", ScoreUnit.Character)),
            "What is counted: words (word error rate) or characters (character error rate)."
        },
        {
            "lm-weights", s => s.LmWeights, (s, v) => s with { LmWeights = v }, new WeightsKind(),
            "The language-model weights to try."
        },
        {
            "word-insertion-penalties", s => s.WordInsertionPenalties, (s, v) => s with { WordInsertionPenalties = v },
            new ListKind<double>(Kinds.Number(), 0, "a list of numbers"),
            "The word insertion penalties to try."
        },
        {
            "reference", s => s.Reference, (s, v) => s with { Reference = v }, Kinds.OptionalPath,
            "A file in the form of `text` with reference transcripts; without it each set's own `text`."
        },
        {
            "lexicon", s => s.Lexicon, (s, v) => s with { Lexicon = v }, Kinds.OptionalPath,
            "A lexicon (a word, then its phones) for the syllable error rate as well."
        },
    });

    /// <summary>Gets the section.</summary>
    public static Section<DecodeRecipe> Decode { get; } = new(new DecodeRecipe(), new()
    {
        {
            "graph", d => d.Graph, (d, v) => d with { Graph = v }, Kinds.Path,
            "The folder with `HCLG.fst` and `words.txt`.", true
        },
        {
            "beam", d => d.Beam, (d, v) => d with { Beam = v }, Kinds.Positive,
            "The decoding beam, in log likelihood after scaling."
        },
        {
            "max-active", d => d.MaxActive, (d, v) => d with { MaxActive = v }, Kinds.Whole(2),
            "The most active tokens in a frame."
        },
        {
            "lattice-beam", d => d.LatticeBeam, (d, v) => d with { LatticeBeam = v }, Kinds.Positive,
            "The beam of the lattice, in log likelihood after scaling."
        },
        {
            "acoustic-scale", d => d.AcousticScale, (d, v) => d with { AcousticScale = v }, Kinds.Positive,
            "What log likelihoods are multiplied with in the search."
        },
        {
            "prior", d => d.Prior, (d, v) => d with { Prior = v }, Kinds.Path,
            "The class priors: `alignments` for counts over the training alignments, or a file of counts from analyze-counts."
        },
        {
            "tune-on", d => d.TuneOn, (d, v) => d with { TuneOn = v }, Kinds.Text,
            "The set on which language-model weight and insertion penalty are chosen: `cv`, `dev`, or a test set's name."
        },
        { "score", d => d.Score, (d, v) => d with { Score = v }, Score, "How the transcripts are compared." },
    });
}
