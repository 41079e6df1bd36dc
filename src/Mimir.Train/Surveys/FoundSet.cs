using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Surveys;

/// <summary>The part of a corpus that a data directory seems to be, by its name.</summary>
internal enum SetPart
{
    /// <summary>To train on.</summary>
    Train,

    /// <summary>For cross-validation.</summary>
    Validation,

    /// <summary>To test with.</summary>
    Test,

    /// <summary>Not known.</summary>
    Unknown,
}

/// <summary>A data directory that was found, and what is in it.</summary>
internal sealed partial record FoundSet
{
    private const int Heard = 3;

    /// <summary>Gets the directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the utterances.</summary>
    public required IReadOnlyList<Utterance> Utterances { get; init; }

    /// <summary>Gets the folder that relative audio paths start from; null when they are found as they are.</summary>
    public string? Root { get; init; }

    /// <summary>Gets the sample rates of the first recordings, in hertz.</summary>
    public IReadOnlyList<int> Rates { get; init; } = [];

    /// <summary>Gets what is wrong with the audio, or null.</summary>
    public string? AudioProblem { get; init; }

    /// <summary>Gets a value that is true when the set has recordings.</summary>
    public bool HasAudio => Utterances.Any(utterance => utterance.Audio.Length > 0);

    /// <summary>Gets a value that is true when the set has transcripts.</summary>
    public bool HasText => Utterances.Any(utterance => utterance.Text is { Length: > 0 });

    /// <summary>Gets a value that is true when the transcripts are of Chinese characters.</summary>
    public bool IsChinese => Utterances.Any(utterance => utterance.Text is { } text && Han().IsMatch(text));

    /// <summary>Gets the specifier of features that exist, or null.</summary>
    public string? Features => Table("feats.scp");

    /// <summary>Gets the specifier of normalisation statistics that exist, or null.</summary>
    public string? Statistics => Table("cmvn.scp");

    /// <summary>Gets the part by the directory's name.</summary>
    public SetPart Part => PartName().Match(Path.GetFileName(Folder.TrimEnd('/'))) is { Success: true, Groups: var groups }
        ? groups["train"].Success ? SetPart.Train : groups["cv"].Success ? SetPart.Validation : SetPart.Test
        : SetPart.Unknown;

    /// <summary>Reads a directory.</summary>
    /// <param name="folder">The directory.</param>
    /// <exception cref="InputException">A file of the directory is malformed.</exception>
    public static FoundSet Read(string folder)
    {
        var root = RootOf(folder);
        var utterances = DataDirectory.Load(folder, root).Utterances;
        var audio = utterances.Select(utterance => utterance.Audio).Where(name => name.Length > 0).Distinct().Take(Heard).ToList();
        if (audio.FirstOrDefault(name => name.EndsWith('|')) is { } command)
        {
            var problem = $"'{command}' is a command, which training does not run; make features with 'mimir features --allow-pipes'";
            return new() { Folder = folder, Utterances = utterances, Root = root, AudioProblem = problem };
        }

        try
        {
            var rates = audio.Select(name => AudioInput.Info(name).SampleRate).Distinct().ToList();
            var problem = rates.Count > 1 ? $"recordings of {string.Join(" and ", rates)} Hz" : null;
            return new() { Folder = folder, Utterances = utterances, Root = root, Rates = rates, AudioProblem = problem };
        }
        catch (Exception error) when (UserError.Describe(error) is { } problem)
        {
            return new() { Folder = folder, Utterances = utterances, Root = root, AudioProblem = problem };
        }
    }

    // The first recording is looked for from the current folder, from the directory, and from those above it.
    private static string? RootOf(string folder)
    {
        var list = Path.Combine(folder, "wav.scp");
        if (!File.Exists(list) || ScriptFile.ReadLines(list).FirstOrDefault() is not { Value: { Length: > 0 } first } || first.EndsWith('|')
            || Path.IsPathRooted(first) || File.Exists(first))
        {
            return null;
        }

        for (var root = folder; root is { Length: > 0 }; root = Path.GetDirectoryName(root))
        {
            if (File.Exists(Path.Combine(root, first)))
                return root;
        }

        return null;
    }

    private string? Table(string name) => Path.Combine(Folder, name) is var path && File.Exists(path) ? $"scp:{path}" : null;

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Han();

    [GeneratedRegex("(?<![a-z])(?:(?<train>train|tr)|(?<cv>dev|valid|validation|cv|val)|test|eval)(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex PartName();
}
