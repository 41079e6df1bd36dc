using System.Globalization;
using Mimir.Base;
using Mimir.Config;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>Checks the content of the sets of a recipe, as far as it shows without reading all of it.</summary>
/// <remarks>Files and folders that are missing are <see cref="FileCheck"/>'s to report.</remarks>
/// <param name="loaded">The recipe; its corpus is on this machine.</param>
/// <param name="machine">The machine.</param>
internal sealed class SetCheck(LoadedRecipe loaded, IMachine machine)
{
    // One recording may be broken in a corpus that is sound; the first few are not.
    private const int Looked = 3;

    private readonly List<Finding> _findings = [];

    /// <summary>Lists the problems of some sets.</summary>
    /// <param name="sets">The names of the sets.</param>
    public IReadOnlyList<Finding> Run(IReadOnlyCollection<string> sets)
    {
        _findings.Clear();
        foreach (var (name, set) in loaded.Recipe.Corpus.AllSets.Where(set => sets.Contains(set.Key)))
        {
            var path = loaded.Recipe.Corpus.PathOf(name, set);
            Lists(path, set);
            if (name is "train" or "cv")
                Targets(path, set);
        }

        return [.. _findings];
    }

    private void Lists(string path, CorpusSet set)
    {
        var isThere = (machine.HasFolder(set.Dir) || machine.HasFile(set.Dir)) && (set.Utterances is not { } list || machine.HasFile(list));
        if (!isThere || Try($"{path}.dir", () => machine.UtterancesOf(set)) is not { } utterances)
            return;

        if (utterances.Count == 0)
            Add($"{path}.dir", $"there is no utterance in '{set.Dir}'");
        else if (loaded.Recipe.Features.Type != FeatureType.Given)
            Audio($"{path}.dir", set, utterances);
    }

    private void Audio(string key, CorpusSet set, IReadOnlyList<Utterance> utterances)
    {
        if (utterances[0].Audio.Length == 0)
        {
            Add(key, $"there is no audio for utterance '{utterances[0].Id}' in '{set.Dir}', and features are computed from audio");
            return;
        }

        var (rates, problems) = (new List<(string File, int Rate)>(), new List<string>());
        foreach (var file in utterances.Select(utterance => utterance.Audio).Where(IsFile).Distinct().Take(Looked))
        {
            try
            {
                rates.Add((file, machine.SampleRateOf(file)));
            }
            catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"utterance '{utterances.First(utterance => utterance.Audio == file).Id}': {error.Message}");
            }
        }

        if (rates.Count == 0 && problems.Count > 0)
            Add(key, $"the first recordings cannot be used; {problems[0]}");
        else if (rates.Count > 0 && rates.All(rate => RateProblem(rate.Rate) is not null))
            Add(key, $"{rates[0].File}: {RateProblem(rates[0].Rate)}");
    }

    private string? RateProblem(int rate)
    {
        if (Options() is not { } frame || rate == frame.SampleFrequency)
            return null;

        var (allowed, option) = rate > frame.SampleFrequency
            ? (frame.AllowDownsample, "allow-downsample")
            : (frame.AllowUpsample, "allow-upsample");
        return allowed ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"the audio has {rate} Hz, and features are made for {frame.SampleFrequency} Hz; set features.sample-frequency to {rate}, or "
            + $"features.{option} to true");
    }

    private Features.Signal.FrameOptions? Options()
    {
        try
        {
            return FeatureSource.OptionsOf(loaded.Recipe.Features).Frame;
        }
        catch (InputException)
        {
            return null;
        }
    }

    private void Targets(string path, CorpusSet set)
    {
        if (set.Alignments is not { } source)
            return;

        var key = $"{path}.alignments";
        if (Rspecifier.IsTable(source))
        {
            if (set.TransitionModel is null)
                Add(key, $"no final.mdl lies beside a table; name it with '{path}.transition-model'");
            return;
        }

        var isPattern = source.AsSpan().ContainsAny('*', '?');
        var folder = machine.HasFolder(source) ? source : Path.GetDirectoryName(source) is { Length: > 0 } parent ? parent : ".";
        if (!machine.HasFolder(folder) || (!isPattern && folder != source && !machine.HasFile(source)))
            return;

        if (Try(key, () => machine.AlignmentsOf(source)) is null)
            return;

        var model = set.TransitionModel ?? Path.Combine(folder, "final.mdl");
        if (machine.HasFile(model))
            Try(set.TransitionModel is null ? key : $"{path}.transition-model", () => (int?[])[machine.ClassesOf(model)]);
        else if (set.TransitionModel is null)
            Add(key, $"there is no '{model}' with the alignments; name the transition model ('{path}.transition-model')");
    }

    // Commands are not run, and what is inside an archive is read with the rest.
    private static bool IsFile(string rxfilename) => Rxfilename.Parse(rxfilename) is { Kind: RxKind.File, Offset: 0, IsGzip: false };

    private T? Try<T>(string key, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            Add(key, error.Message);
            return null;
        }
    }

    private void Add(string key, string message) => _findings.Add(loaded.At(key, $"'{key}': {message}"));
}
