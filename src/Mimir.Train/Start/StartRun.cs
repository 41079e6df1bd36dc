using Mimir.Base;
using Mimir.Decode.Building;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Start;

/// <summary>
/// Makes what a recipe with a start lacks: language directory, language model, alignments, tree, transition model, decoding graph.
/// </summary>
public static class StartRun
{
    private const double MostUnaligned = 0.1;
    private static readonly string[] Sections = ["start.", "features.", "corpus.train.", "corpus.cv.", "seed"];
    private static readonly string[] NotDeciding = ["start.dir", ".alignments", ".transition-model", ".reference"];

    /// <summary>Makes the parts that are not there yet; does nothing for a recipe without a start.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="remake">True to make the parts anew when they were made with other values.</param>
    /// <param name="logging">The log of the networks that are trained on the way.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the work; what is made stays, and the next call goes on.</param>
    /// <exception cref="InputException">Lexicon, text or audio is wrong, or parts made with other values are there.</exception>
    /// <exception cref="IOException">A file is missing, the disk is full, or the folder is another's.</exception>
    public static void Ensure(
        LoadedRecipe loaded, bool remake, RunLogging logging, ITrainingProgress progress, TimeProvider time,
        CancellationToken cancellation)
    {
        if (loaded.Recipe is not { Start: { } start, Corpus: { Train: { } train, Cv: { } cv } } recipe)
            return;

        var folder = new StartFolder(start.FolderOf(recipe.OutputFolder));
        using var taken = folder.Take(ValuesOf(recipe), remake);
        var began = time.GetTimestamp();
        var made = StartLanguage.Make(folder, recipe, start, progress);
        var language = LangLexicon.Read(folder.Language);
        if (!File.Exists(folder.Model))
        {
            var failures = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var job = new StartJob(loaded, start, folder, logging, progress, time, cancellation)
            {
                Language = language,
                Failures = failures,
                Sets =
                [
                    StartSet.Read("train", train, start.Lexicon, language, failures, progress.Say),
                    StartSet.Read("cv", cv, start.Lexicon, language, failures, progress.Say),
                ],
            };
            Keep(job, start.By == StartMethod.Gaussians ? new GaussianStart(job).Run() : new NetworkStart(job).Run());
            made = true;
        }

        if (recipe.Decode is not null)
            made |= StartLanguage.MakeGraph(folder, progress);
        if (made)
            progress.Say(FormattableString.Invariant($"start: {folder.Root} is made, in {time.GetElapsedTime(began).TotalSeconds:0} s"));
    }

    // The values that decide the parts; the folder itself may move.
    private static Dictionary<string, string> ValuesOf(Recipe recipe) => RecipeFormat.ValuesOf(recipe)
        .Where(value => Sections.Any(section => value.Key.StartsWith(section, StringComparison.Ordinal)))
        .Where(value => !NotDeciding.Any(key => value.Key.EndsWith(key, StringComparison.Ordinal)))
        .ToDictionary(StringComparer.Ordinal);

    // The transition model is last: it says that the alignments are whole.
    private static void Keep(StartJob job, StartRound last)
    {
        var folder = job.Folder;
        var ali = folder.At("ali");
        if (Directory.Exists(ali))
            Directory.Delete(ali, recursive: true);

        StartFolder.Make(ali, beside =>
        {
            foreach (var set in job.Sets)
                Copy(last.Of(set.Name), Path.Combine(beside, set.Name));
        });
        foreach (var set in job.Sets)
        {
            var aligned = last.Alignments(set.Name);
            foreach (var id in set.Words.Keys.Where(id => !aligned.ContainsKey(id)))
                job.Failures.TryAdd(id, "it could not be aligned; listen to it, the transcript may be wrong");
        }

        AtomicFile.WriteText(folder.Failures, string.Concat(job.Failures.Select(failure => $"{failure.Key} {failure.Value}\n")));
        var all = job.Sets.Sum(set => set.Words.Count);
        if (job.Failures.Count > MostUnaligned * all)
        {
            throw new InputException(
                $"{job.Failures.Count} of {all} utterances could not be aligned, with reasons in {folder.Failures}; are these the "
                + "transcripts of this audio?");
        }

        if (job.Failures.Count > 0)
            job.Progress.Say($"start: {job.Failures.Count} utterances are not aligned; {folder.Failures} says why");

        last.Tree().Write(folder.Tree);
        last.Model().Write(folder.Model);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
