using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Gmm.Trees;

/// <summary>The sets, roots and questions of phones that a tree is grown with: files of a lang directory.</summary>
public sealed record TreePhones
{
    /// <summary>Sets of phones that are one phone to the tree, such as the forms of a phone by its place in the word.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Sets { get; init; }

    /// <summary>The roots of the tree.</summary>
    public required IReadOnlyList<TreeRoot> Roots { get; init; }

    /// <summary>The phones whose neighbours do not count, such as silence.</summary>
    public required IReadOnlySet<int> Independent { get; init; }

    /// <summary>Sets of phones to ask about beside those that are found in the data.</summary>
    public IReadOnlyList<IReadOnlyList<int>> ExtraQuestions { get; init; } = [];

    /// <summary>Reads the folder <c>phones</c> of a lang directory.</summary>
    /// <param name="lang">The lang directory.</param>
    /// <exception cref="FileNotFoundException"><c>sets.int</c>, <c>roots.int</c> or <c>context_indep.int</c> is missing.</exception>
    /// <exception cref="InputException">A file is malformed.</exception>
    public static TreePhones Read(string lang)
    {
        var folder = Path.Combine(lang, "phones");
        var extra = Path.Combine(folder, "extra_questions.int");
        return new TreePhones
        {
            Sets = PhoneSets.Read(Path.Combine(folder, "sets.int")),
            Roots = PhoneSets.ReadRoots(Path.Combine(folder, "roots.int")),
            Independent = PhoneSets.Read(Path.Combine(folder, "context_indep.int")).SelectMany(set => set).ToHashSet(),
            ExtraQuestions = File.Exists(extra) ? PhoneSets.Read(extra) : [],
        };
    }

    /// <summary>Makes each phone of a topology a set and a root of its own.</summary>
    /// <param name="topology">The topology.</param>
    /// <param name="silence">The phones of silence and noise: they have no context, and their tree asks about the state alone.</param>
    public static TreePhones Simple(HmmTopology topology, IReadOnlySet<int> silence) => new()
    {
        Sets = [.. topology.Phones.Select(phone => new[] { phone })],
        Roots = [.. topology.Phones.Select(phone => new TreeRoot([phone], IsShared: true, IsSplit: true))],
        Independent = silence,
    };
}
