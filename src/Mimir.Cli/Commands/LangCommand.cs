using System.CommandLine;
using System.Globalization;
using Mimir.Cli.Help;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir lang</c>: makes a lang directory of a lexicon.</summary>
internal static class LangCommand
{
    private static readonly LangOptions Defaults = new();

    internal static Command Create()
    {
        var dict = new Argument<string>("lexicon")
        {
            Description = "A lexicon (lexicon.txt, lexiconp.txt, lexiconp_silprob.txt), or a dict folder of Kaldi's with lists of phones.",
        };
        var folder = new Argument<string>("lang") { Description = "The folder to write: words.txt, phones.txt, topo, L.fst and more." };
        var positions = new Option<bool>("--position-dependent-phones")
        {
            Description = "Distinguish phones by their position in a word: _B, _I, _E, _S.",
        };
        var silence = new Option<double>("--sil-prob")
        {
            Description = "The probability of silence after each word.",
            DefaultValueFactory = _ => Defaults.SilenceProbability,
        }.Within(0, 0.9999);
        var silenceStates = new Option<int>("--num-sil-states")
        {
            Description = "States of the HMMs of silence.",
            DefaultValueFactory = _ => Defaults.SilenceStates,
        }.Within(1, 100);
        var speechStates = new Option<int>("--num-nonsil-states")
        {
            Description = "States of the HMMs of other phones.",
            DefaultValueFactory = _ => Defaults.SpeechStates,
        }.Within(1, 100);
        var share = new Option<bool>("--share-silence-phones") { Description = "All phones of silence share their distributions." };
        var unknown = new Option<string?>("--unknown")
        {
            Description = "The word of the lexicon that stands for those it lacks; by default <UNK> or a similar one.",
            HelpName = "word",
        };
        var table = new Option<string?>("--phones")
        {
            Description = "A phones.txt, to number phones as a model does that is there already.",
        };
        var command = new Command("lang", "Make a lang directory of a lexicon, as Kaldi's prepare_lang.sh does.")
        {
            dict, folder, positions, silence, silenceStates, speechStates, share, unknown, table,
        };
        command.SetAction(parsed =>
        {
            var options = new LangOptions
            {
                PositionDependentPhones = parsed.GetValue(positions),
                SilenceProbability = parsed.GetValue(silence),
                SilenceStates = parsed.GetValue(silenceStates),
                SpeechStates = parsed.GetValue(speechStates),
                ShareSilencePhones = parsed.GetValue(share),
                UnknownWord = parsed.GetValue(unknown),
            };
            var phones = parsed.GetValue(table) is { } file ? SymbolTable.Read(file) : null;
            var lang = LangBuilder.Build(DictDirectory.Read(parsed.GetRequiredValue(dict)), options, phones);
            var target = parsed.GetRequiredValue(folder);
            lang.Write(target);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{target}: {lang.WordCount} words, {lang.SpeechPhones.Count} phones and {lang.SilencePhones.Count} of silence, "
                + $"unknown words are {(lang.UnknownWord is { } word ? $"'{word}'" : "none")}"));
        });
        return command.WithExamples(
            "mimir lang data/local/dict data/lang",
            "mimir lang lexicon.txt data/lang --position-dependent-phones --unknown '<UNK>'");
    }
}
