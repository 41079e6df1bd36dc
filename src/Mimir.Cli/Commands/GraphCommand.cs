using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Decode.Building;
using Mimir.Train.Evaluation;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir graph</c>: builds a decoding graph from a language, a tree and a transition model.</summary>
internal static class GraphCommand
{
    private static readonly GraphOptions Defaults = new();

    internal static Command Create(Diagnostics diagnostics)
    {
        var language = new Argument<string>("lang")
        {
            Description = "The folder of the language (L_disambig.fst, words.txt, phones/disambig.int and, without --lm, G.fst), or a "
                + "lexicon (lexicon.txt, lexiconp.txt, lexiconp_silprob.txt) or a dict folder with one.",
        };
        var model = new Argument<string>("model") { Description = "The folder with tree and final.mdl." };
        var folder = new Argument<string>("out") { Description = "The folder of the graph: HCLG.fst, words.txt and phones/." };
        var languageModel = new Option<string?>("--lm")
        {
            Description = "The language model: an ARPA file, also gzipped, a grammar (JSGF, or a list of phrases), or an FST of words. "
                + "By default "
                + "G.fst of the language.",
        };
        var phones = new Option<string?>("--phones")
        {
            Description = "For a lexicon: the table of the model's phones. By default phones.txt of the model's folder.",
        };
        var transitionScale = new Option<float>("--transition-scale")
        {
            Description = "Scale of the transition probabilities.",
            DefaultValueFactory = _ => Defaults.TransitionScale,
        };
        var loopScale = new Option<float>("--self-loop-scale")
        {
            Description = "Scale of the probabilities of self-loops; 1 for models without them in training (chain).",
            DefaultValueFactory = _ => Defaults.SelfLoopScale,
        };
        var removeUnknown = new Option<bool>("--remove-oov") { Description = "Leave the word for unknown words out of the graph." };
        var command = new Command("graph", "Build a decoding graph (HCLG) from a language or lexicon, a tree and a transition model.")
        {
            language, model, folder, languageModel, phones, transitionScale, loopScale, removeUnknown,
        };
        command.SetAction(parsed =>
        {
            var graph = GraphMaking.Run(new GraphMakingOptions
            {
                Language = parsed.GetRequiredValue(language),
                Model = parsed.GetRequiredValue(model),
                Folder = parsed.GetRequiredValue(folder),
                LanguageModel = parsed.GetValue(languageModel),
                Phones = parsed.GetValue(phones),
                RemoveUnknown = parsed.GetValue(removeUnknown),
                Graph = Defaults with
                {
                    TransitionScale = parsed.GetValue(transitionScale),
                    SelfLoopScale = parsed.GetValue(loopScale),
                    Progress = diagnostics.IsQuiet ? null : Console.Error.WriteLine,
                },
            });
            Console.WriteLine($"{graph.File}: {graph.States:N0} states, {graph.Arcs:N0} arcs, {graph.Words:N0} words");
            return ExitCodes.Success;
        });
        return command.WithExamples(
            "mimir graph data/lang_test exp/tri1 exp/tri1/graph",
            "mimir graph data/lang exp/tri1 exp/tri1/graph_big --lm big.arpa.gz",
            "mimir graph lexicon.txt exp/tri1 graph --lm lm.arpa --phones data/lang/phones.txt");
    }
}
