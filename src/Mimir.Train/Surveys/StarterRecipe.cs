using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mimir.Base;

namespace Mimir.Train.Surveys;

/// <summary>Writes a commented recipe for the data of a survey.</summary>
public static partial class StarterRecipe
{
    private const int UsualRate = 16000;
    private const int FewUtterances = 500;
    private const int FewForGaussians = 100;

    /// <summary>Writes the recipe, and the lists of utterances where a cross-validation set has to be held out.</summary>
    /// <param name="survey">The data.</param>
    /// <param name="file">The recipe to write; it must not exist.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="InputException">The file exists.</exception>
    public static IReadOnlyList<string> Write(DataSurvey survey, string file)
    {
        var beside = file[..^Path.GetExtension(file).Length];
        var lists = survey.Validation is null ? new[] { $"{beside}.train.list", $"{beside}.cv.list" } : [];
        foreach (var path in lists.Prepend(file).Where(Path.Exists))
            throw new InputException($"{path}: is there already; name another recipe with --output");

        if (lists is [var train, var cv])
        {
            var parts = HeldOut.Of(survey.Train);
            if (parts.Validation.Count == 0)
                throw new InputException($"{survey.Train.Folder}: too few utterances ({parts.Train.Count}) to hold some out");

            AtomicFile.WriteText(train, string.Join('\n', parts.Train) + "\n");
            AtomicFile.WriteText(cv, string.Join('\n', parts.Validation) + "\n");
        }

        AtomicFile.WriteText(file, Text(survey, NameOf(beside), lists));
        return [file, .. lists];
    }

    private static string Text(DataSurvey survey, string name, string[] lists)
    {
        var text = new StringBuilder();
        text.Append($"# A recipe for '{survey.Folders}', made by 'mimir init'; 'mimir recipe check' checks it, 'mimir train' runs it.\n");
        text.Append("# docs/recipes.md, or 'mimir recipe keys', has every key. Relative paths start from the current folder.\n");
        foreach (var note in survey.Notes)
            text.Append($"# MISSING OR DOUBTFUL: {note.ReplaceLineEndings(" ")}\n");

        text.Append($"name: {Quoted(name)}\nseed: 777\n\ncorpus:\n");
        var given = survey.Sets.Any(set => !set.HasAudio || (set.AudioProblem is not null && set.Features is not null));
        const string HeldOutUse = "held out of the training set; drives the learning rate";
        Set(text, "train", survey.Train, given, survey.TrainAlignments, lists.FirstOrDefault(), "to train on");
        if (survey.Validation is { } validation)
            Set(text, "cv", validation, given, survey.ValidationAlignments, null, "drives the learning rate");
        else
            Set(text, "cv", survey.Train, given, survey.TrainAlignments, lists[1], HeldOutUse);
        if (survey.Development is { } development)
            Set(text, "dev", development, given, null, null, "has no alignments; decoding weights are chosen on it");
        Tests(text, survey.Tests, given);
        foreach (var other in survey.Others)
            text.Append($"  # not used: {other}\n");

        Start(text, survey, given);
        Features(text, survey, given);
        // A validation set of a few utterances says too early that nothing improves.
        var few = survey.Train.Utterances.Count < FewUtterances ? ", min-epochs: 12" : "";
        text.Append($$"""

            # Four hidden layers. Others: lstm: {dim: 512, projection: 256}, blstm, gru, tdnn, tdnnf, conv2d (docs/recipes.md).
            model:
              - affine: {dim: 1024, activation: sigmoid, repeat: 4}
              - softmax: {} # as wide as the alignments have senones

            train:
              device: auto # cpu, or cuda
              batch: {frames: 256, shuffle-window: 32768}
              optimiser: {sgd: {rate: 0.008} } # for relu about a tenth of that
              schedule: {newbob: {start-halving: 0.01, end-halving: 0.001{{few}}, max-epochs: 20} }

            """);
        Decode(text, survey);
        return text.ToString();
    }

    private static void Set(
        StringBuilder text, string name, FoundSet set, bool given, FoundAlignments? alignments, string? list, string use,
        string indent = "  ")
    {
        text.Append($"{indent}{name}: # {set.Utterances.Count} utterances, {use}\n");
        Key("dir", set.Folder);
        if (set.Root is { } root && !given)
            Key("root", root, " # where relative audio paths start");
        if (list is not null)
            Key("utterances", list);
        if (given)
        {
            Key("features", set.Features ?? $"scp:{set.Folder}/feats.scp", set.Features is null ? " # is missing" : "");
            if (set.Statistics is { } statistics)
                Key("cmvn", statistics);
        }

        if (alignments is not null)
        {
            Key("alignments", alignments.Folder);
            if (alignments.Model is { } model)
                Key("transition-model", model);
        }
        else if (name is "train" or "cv")
        {
            text.Append($"{indent}  # alignments: exp/tri3_ali # the folder of ali.*.gz and final.mdl, where there are any\n");
        }

        void Key(string key, string value, string comment = "") => text.Append($"{indent}  {key}: {Quoted(value)}{comment}\n");
    }

    private static void Tests(StringBuilder text, IReadOnlyList<FoundSet> tests, bool given)
    {
        if (tests is [var only])
        {
            Set(text, "test", only, given, null, null, "to test with");
            return;
        }

        if (tests.Count > 1)
            text.Append("  tests:\n");
        foreach (var test in tests)
            Set(text, DataSurvey.NameOf(test), test, given, null, null, "to test with", "    ");
    }

    private static void Start(StringBuilder text, DataSurvey survey, bool given)
    {
        if (!survey.CanStart)
            return;

        var units = survey.Train.IsChinese ? "character" : "letter";
        text.Append("\nstart: # makes lexicon, alignments, tree and decoding graph from audio and text\n");
        text.Append(survey.Lexicon is { } lexicon
            ? $"  lexicon: {{file: {Quoted(lexicon)}, units: {units}}} # words that it lacks are spelled in units\n"
            : $"  lexicon: {{units: {units}}} # or a lexicon: {{file: lexicon.txt}}\n");
        text.Append("  # text: more.txt # sentences for the language model; without it the transcripts of the training set\n");
        // A few recordings do not have all words, and Gaussians of too little align no others.
        text.Append(given || survey.Train.Utterances.Count < FewForGaussians
            ? "  by: network # or gaussians, for more than a few recordings\n"
            : "  by: gaussians # as Kaldi's train_mono.sh, train_deltas.sh and train_lda_mllt.sh; or network\n");
    }

    private static void Features(StringBuilder text, DataSurvey survey, bool given)
    {
        text.Append("\nfeatures:\n");
        if (given)
        {
            text.Append("  type: given # those of feats.scp\n");
        }
        else
        {
            text.Append("  type: fbank # or mfcc, plp\n  num-mel-bins: 40\n  dither: 0 # makes features repeatable\n");
            var rate = survey.Train.Rates.FirstOrDefault(UsualRate);
            if (rate != UsualRate)
                text.Append($"  sample-frequency: {rate} # of the recordings\n");
        }

        text.Append("  cmvn: {per: speaker} # or utterance, global, none\n  splice: {left: 5, right: 5} # frames of context\n");
    }

    private static void Decode(StringBuilder text, DataSurvey survey)
    {
        var unit = survey.Sets.Any(set => set.IsChinese) ? "character" : "word";
        var tune = survey.Development is not null ? "dev" : "cv";
        var mark = survey.Graphs.Count > 0 || survey.CanStart ? "" : "# ";
        text.Append('\n');
        foreach (var line in (string[])
        [
            "decode:",
            survey.CanStart
                ? "  # graph: exp/tri3/graph # without it the one that the start makes"
                : $"  graph: {Quoted(survey.Graphs.FirstOrDefault("exp/tri3/graph"))} # HCLG.fst and words.txt",
            "  acoustic-scale: 0.1",
            $"  tune-on: {tune} # chooses language-model weight and insertion penalty",
            $"  score: {{unit: {unit}, lm-weights: 4-15, word-insertion-penalties: [0, 0.5, 1]}}",
        ])
        {
            text.Append($"{mark}{line}\n");
        }

        foreach (var graph in survey.Graphs.Skip(1))
            text.Append($"  # another graph: {graph}\n");
    }

    private static string NameOf(string path) => NotOfNames().Replace(Path.GetFileName(path), "-") is { Length: > 0 } name ? name : "mine";

    private static string Quoted(string value) => Plain().IsMatch(value)
        ? value
        : $"\"{JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""
            .Replace("${", "$${", StringComparison.Ordinal);

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex NotOfNames();

    [GeneratedRegex("^[A-Za-z/][A-Za-z0-9_./-]*$")]
    private static partial Regex Plain();
}
