using System.CommandLine;
using Mimir.Cli.Help;

namespace Mimir.Cli.Shells;

/// <summary>A command of the program, as shells and the manual see it.</summary>
/// <param name="Path">Its names with spaces; empty for the program itself.</param>
/// <param name="Command">The command.</param>
/// <param name="Options">Its options and those of all commands.</param>
/// <param name="OtherWords">The words that may follow and are no commands of the tree.</param>
internal sealed record CommandNode(
    string Path, Command Command, IReadOnlyList<OptionNode> Options, IReadOnlyList<string> OtherWords)
{
    /// <summary>Gets the words that may come next, with their descriptions.</summary>
    internal IEnumerable<(string Name, string Description)> Words => Command.Subcommands.Where(command => !command.Hidden)
        .Select(command => (command.Name, FirstSentence(command.Description)))
        .Concat(OtherWords.Select(word => (word, "")));

    /// <summary>True when what follows is no command of the tree.</summary>
    internal bool IsLeaf => OtherWords.Count > 0;

    /// <summary>True when another command line follows after <c>--</c>.</summary>
    internal bool HasTrailingCommand => Command.Arguments.Any(argument => argument.Name == TrailingCommand.Name);

    /// <summary>The commands of a program, each before those below it.</summary>
    /// <param name="root">The program.</param>
    /// <param name="words">The words after a command that are no commands of the tree, by the command's path.</param>
    internal static IEnumerable<CommandNode> All(Command root, IReadOnlyDictionary<string, IReadOnlyList<string>> words) =>
        Below("", root, [.. root.Options.Where(option => option.Recursive)], words);

    /// <summary>The first sentence of a description, without its end.</summary>
    internal static string FirstSentence(string? text) =>
        (text ?? "").Split([". ", "; ", ": "], 2, StringSplitOptions.None)[0].TrimEnd('.');

    private static IEnumerable<CommandNode> Below(
        string path, Command command, IReadOnlyList<Option> common, IReadOnlyDictionary<string, IReadOnlyList<string>> words)
    {
        var options = command.Options.Concat(common).DistinctBy(option => option.Name).Select(option => new OptionNode(option));
        yield return new(path, command, [.. options], words.GetValueOrDefault(path, []));
        foreach (var child in command.Subcommands.Where(child => !child.Hidden))
        {
            foreach (var node in Below($"{path} {child.Name}".TrimStart(), child, common, words))
                yield return node;
        }
    }
}

/// <summary>An option of a command.</summary>
/// <param name="Option">The option.</param>
internal sealed record OptionNode(Option Option)
{
    private Type Type => Nullable.GetUnderlyingType(Option.ValueType) ?? Option.ValueType;

    /// <summary>Gets its names of letters after dashes, those with one dash first.</summary>
    internal IReadOnlyList<string> Names =>
    [
        .. Option.Aliases.Append(Option.Name)
            .Where(name => name[0] == '-' && char.IsLetterOrDigit(name[^1]))
            .OrderBy(name => name.Length),
    ];

    /// <summary>Gets the first sentence of its description.</summary>
    internal string Description => CommandNode.FirstSentence(Option.Description);

    /// <summary>True when a value follows.</summary>
    internal bool TakesValue => Option.Arity.MinimumNumberOfValues > 0 || (Type != typeof(bool) && Option.Arity.MaximumNumberOfValues > 0);

    /// <summary>Gets the values that there are, where they can be listed.</summary>
    internal IReadOnlyList<string> Values => Type.IsEnum ? Enum.GetNames(Type) : [];

    /// <summary>True when the value may be a file or a folder.</summary>
    internal bool MayBeFile => TakesValue && Values.Count == 0 && (Type == typeof(string) || Type.IsArray);
}
