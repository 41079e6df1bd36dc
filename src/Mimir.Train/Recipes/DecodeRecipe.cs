using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Decode.Scoring;

namespace Mimir.Train.Recipes;

/// <summary>The decoding and scoring of the test sets.</summary>
public sealed record DecodeRecipe
{
    /// <summary>The value of <see cref="Prior"/> that takes the class priors from the training alignments.</summary>
    public const string PriorFromAlignments = "alignments";

    /// <summary>The value of <see cref="CompareWith"/> that finds the earlier run.</summary>
    public const string CompareWithFound = "auto";

    /// <summary>The value of <see cref="CompareWith"/> that compares with nothing.</summary>
    public const string CompareWithNothing = "none";

    /// <summary>The folder with <c>HCLG.fst</c> and <c>words.txt</c>; the one that the start makes where there is a start.</summary>
    [Option("graph"), ValueKind<PathKind>]
    public string Graph { get; init; } = "";

    /// <summary>The decoding beam, in log likelihood after scaling.</summary>
    [Option("beam", Min = 0, MinExcluded = true)]
    public double Beam { get; init; } = 13;

    /// <summary>The largest number of active tokens in a frame.</summary>
    [Option("max-active", Min = 2)]
    public int MaxActive { get; init; } = 7000;

    /// <summary>The beam of the lattice, in log likelihood after scaling.</summary>
    [Option("lattice-beam", Min = 0, MinExcluded = true)]
    public double LatticeBeam { get; init; } = 8;

    /// <summary>The factor on log likelihoods in the search.</summary>
    [Option("acoustic-scale", Min = 0, MinExcluded = true)]
    public double AcousticScale { get; init; } = 0.1;

    /// <summary>
    /// The class priors: <c>alignments</c> for counts over the training alignments, or a file of counts from analyze-counts.
    /// </summary>
    [Option("prior"), ValueKind<PathKind>]
    public string Prior { get; init; } = PriorFromAlignments;

    /// <summary>
    /// The set on which language-model weight and insertion penalty are chosen: <c>cv</c>, <c>dev</c>, or the name of a test set.
    /// </summary>
    [Option("tune-on")]
    public string TuneOn { get; init; } = "cv";

    /// <summary>
    /// The folder of the earlier run that the report compares error rates with (paired bootstrap). <c>auto</c> takes the run that
    /// <c>--restart</c> replaced, or else the newest finished run beside this one whose name differs in a date or number at its end;
    /// <c>none</c> compares with nothing.
    /// </summary>
    [Option("compare-with"), ValueKind<PathKind>]
    public string CompareWith { get; init; } = CompareWithFound;

    /// <summary>The comparison of the transcripts.</summary>
    [Option("score")]
    public ScoreRecipe Score { get; init; } = new();
}

/// <summary>The comparison of the transcripts.</summary>
public sealed record ScoreRecipe
{
    /// <summary>The unit that is counted: words (word error rate) or characters (character error rate).</summary>
    [Option("unit")]
    public ScoreUnit Unit { get; init; } = ScoreUnit.Word;

    /// <summary>
    /// Words that are taken out of transcripts and hypotheses before they are compared, such as <c>&lt;UNK&gt;</c>; see
    /// docs/scoring.md.
    /// </summary>
    [Option("ignore", Expected = "a list of words, such as [<UNK>, <SIL>]")]
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The language-model weights to try.</summary>
    [Option("lm-weights"), ValueKind<WeightsKind>]
    public IReadOnlyList<int> LmWeights { get; init; } = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>The word insertion penalties to try.</summary>
    [Option("word-insertion-penalties", Expected = "a list of numbers")]
    public IReadOnlyList<double> WordInsertionPenalties { get; init; } = [0, 0.5, 1];

    /// <summary>A file in the form of <c>text</c> with reference transcripts; without it each set's own <c>text</c>.</summary>
    [Option("reference"), ValueKind<PathKind>]
    public string? Reference { get; init; }

    /// <summary>A lexicon (a word, then its phones) for the syllable error rate as well.</summary>
    [Option("lexicon"), ValueKind<PathKind>]
    public string? Lexicon { get; init; }

    /// <summary>Gets the words of <see cref="Ignore"/>.</summary>
    public IReadOnlySet<string> Ignored => Ignore.ToHashSet(StringComparer.Ordinal);
}

/// <summary>Language-model weights as a range <c>4-15</c>, a list, or one of them.</summary>
public sealed partial class WeightsKind : ValueKind
{
    private const int Most = 1000;

    /// <inheritdoc/>
    public override Type Type => typeof(IReadOnlyList<int>);

    /// <inheritdoc/>
    public override string Description => "a range such as 4-15 or a list such as [7, 9, 11]";

    /// <inheritdoc/>
    public override object? Read(YamlNode node, string path, object? fallback, BindContext context)
    {
        if (node is ListNode { Items.Count: > 0 } list)
        {
            context.Note(path, list.Origin);
            var weights = list.Items.Select((item, index) => Read(item, $"{path}.{index}", null, context) as IReadOnlyList<int>).ToList();
            return weights.All(weight => weight is [_]) ? weights.Select(weight => weight![0]).ToArray() : fallback;
        }

        if (node is not ScalarNode scalar || Pattern().Match(context.Expand(scalar, path)) is not { Success: true } range)
            return Refuse(node, path, fallback, context);

        var first = Parse(range.Groups["first"].Value);
        var last = range.Groups["last"] is { Success: true } end ? Parse(end.Value) : first;
        return first is > 0 and <= Most && last >= first && last <= Most
            ? Enumerable.Range(first, last - first + 1).ToArray()
            : Refuse(node, path, fallback, context);
    }

    /// <inheritdoc/>
    public override YamlNode Write(object value, string path, IReadOnlyDictionary<string, ValueOrigin> origins)
    {
        var weights = (IReadOnlyList<int>)value;
        var origin = OriginOf(origins, path);
        var isRange = weights.Count > 1 && weights.Index().All(weight => weight.Item == weights[0] + weight.Index);
        return isRange
            ? Node(string.Create(CultureInfo.InvariantCulture, $"{weights[0]}-{weights[^1]}"))
            : new ListNode([.. weights.Select(weight => Node(weight.ToString(CultureInfo.InvariantCulture)))], origin);

        ScalarNode Node(string text) => new(text, Plain: true, origin);
    }

    /// <inheritdoc/>
    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "integer" } },
            new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
            new JsonObject { ["type"] = "string", ["pattern"] = @"^\s*\d+\s*(-\s*\d+\s*)?$" }),
    };

    private static int Parse(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<first>\d{1,6})\s*(-\s*(?<last>\d{1,6})\s*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
