using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Train.Sequences;

/// <summary>The graph that competitors are found with: one of the recipe's, or a unigram of the training transcripts.</summary>
/// <param name="recipe">The run's recipe.</param>
/// <param name="loss">Its loss.</param>
/// <param name="folder">The folder of a graph that is made.</param>
internal sealed class DenominatorGraph(Recipe recipe, SequenceLossRecipe loss, string folder)
{
    private const string UnigramFile = "unigram.fst";
    private const string SilenceFile = "phones/silence.csl";

    private bool IsMade => loss.Graph is null && loss.Language is not null;

    private string Folder => loss.Graph ?? (IsMade ? folder : recipe.Decode?.Graph)
        ?? throw new InputException("train.loss: expected 'lang' or 'graph' to find competitors with, there is neither.");

    /// <summary>Makes the graph where one is to be made and is not there.</summary>
    /// <param name="progress">Receives what happens.</param>
    /// <exception cref="InputException">A file is damaged, or the files do not belong together.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public void Make(Action<string> progress)
    {
        // The file is written last.
        if (!IsMade || loss.Language is not { } language || File.Exists(Path.Combine(folder, "num_pdfs")))
            return;

        progress($"making the graph of a unigram of the training transcripts in {folder}");
        Directory.CreateDirectory(folder);
        var train = recipe.Corpus.Train ?? throw new InputException("corpus.train: it is missing.");
        var texts = Transcripts.Read(train.Reference ?? Path.Combine(train.Dir, "text"), train.TextEncoding);
        var unigram = Path.Combine(folder, UnigramFile);
        var unknown = GraphFolder.UnknownWord(language);
        FstWriter.Write(unigram, UnigramGrammar.Make(
            SetLoader.UtterancesOf(train).Select(utterance => texts.GetValueOrDefault(utterance.Id, "")),
            SymbolTable.Read(Path.Combine(language, "words.txt")),
            unknown is [var word, ..] ? word : null));
        var made = GraphMaking.Run(new()
        {
            Language = language,
            Model = ModelFolder(train),
            Folder = folder,
            LanguageModel = unigram,
        });
        progress(FormattableString.Invariant($"the graph has {made.States} states, {made.Arcs} arcs and {made.Words} words"));
    }

    /// <summary>Reads the graph.</summary>
    /// <param name="model">The transition model.</param>
    public DecodingGraph Read(TransitionModel model) => DecodingGraph.Read(Folder, model);

    /// <summary>The silence phones of the recipe, the language or the graph; none where nothing says.</summary>
    /// <exception cref="InputException">The file of them holds something else.</exception>
    public IReadOnlySet<int> SilencePhones()
    {
        if (loss.SilencePhones is { } named)
            return named.ToHashSet();

        var file = GraphFolder.Find(loss.Language ?? Folder, SilenceFile);
        if (file is null)
            return new HashSet<int>();

        return File.ReadAllText(file).Trim().Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.TryParse(part, out var phone)
                ? phone
                : throw new InputException($"{file}: expected phone numbers with colons between them, got '{part}'"))
            .ToHashSet();
    }

    private static string ModelFolder(CorpusSet train)
    {
        string?[] places = [Path.GetDirectoryName(train.TransitionModel), train.Alignments, Path.GetDirectoryName(train.Alignments)];
        return places.FirstOrDefault(place =>
            place is not null && File.Exists(Path.Combine(place, "tree")) && File.Exists(Path.Combine(place, "final.mdl")))
            ?? throw new InputException(
                "train.loss: the graph needs 'tree' and 'final.mdl' beside the alignments or the transition model of corpus.train; name "
                + "a 'graph' instead of 'lang'.");
    }
}
