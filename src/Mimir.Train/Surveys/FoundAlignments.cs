using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Surveys;

/// <summary>A folder of alignments that was found, and the model that belongs to it.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Utterances">The utterances, of the first 20,000.</param>
/// <param name="Model">The file <c>final.mdl</c> of another folder; null when the folder has its own, or there is none.</param>
/// <param name="Classes">The number of pdfs of the model; null without a model.</param>
internal sealed record FoundAlignments(string Folder, IReadOnlySet<string> Utterances, string? Model, int? Classes)
{
    private const int Most = 20_000;

    /// <summary>Reads the beginning of the alignments in a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="models">The models that were found.</param>
    /// <exception cref="InputException">A file is damaged.</exception>
    public static FoundAlignments Read(string folder, IReadOnlyList<string> models)
    {
        var (utterances, greatest) = (new HashSet<string>(StringComparer.Ordinal), 0);
        var pairs = Directory.GetFiles(folder, "ali.*").Order(StringComparer.Ordinal)
            .SelectMany(file => KaldiTables.IntVector.Read($"ark:{file}"));
        foreach (var (utterance, transitions) in pairs.Take(Most))
        {
            utterances.Add(utterance);
            greatest = Math.Max(greatest, transitions.DefaultIfEmpty().Max());
        }

        // Without a model of its own: the nearest that has as many transition-ids.
        var own = Path.Combine(folder, "final.mdl");
        foreach (var path in models.OrderByDescending(path => path == own).ThenByDescending(path => Shared(path, folder)))
        {
            var model = TransitionModel.Read(path);
            if (model.TransitionCount >= greatest)
                return new(folder, utterances, path == own ? null : path, model.PdfCount);
        }

        return new(folder, utterances, null, null);
    }

    /// <summary>The number of a set's utterances that are aligned here.</summary>
    public int Count(FoundSet set) => set.Utterances.Count(utterance => Utterances.Contains(utterance.Id));

    /// <summary>The length of the beginning that two paths share.</summary>
    public static int Shared(string left, string right) => left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
}
