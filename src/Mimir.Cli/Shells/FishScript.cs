using System.Text;

namespace Mimir.Cli.Shells;

/// <summary>The completion script for fish.</summary>
internal static class FishScript
{
    private const string Head = """
        # Completion of mimir for fish, made by 'mimir completion fish'. Save it as ~/.config/fish/completions/mimir.fish, or for this
        # shell: mimir completion fish | source
        function __mimir_at
            set -l path ''
            for word in (commandline -xpc 2> /dev/null; or commandline -opc)[2..]
                switch "$path $word"

        """;

    private const string Tail = """
                end
            end
            test "$path" = "$argv[1]"
        end

        """;

    /// <summary>Writes the script.</summary>
    internal static string Write(IReadOnlyList<CommandNode> nodes)
    {
        var text = new StringBuilder(Head);
        CompletionScript.Steps(text, nodes, (pattern, path) => $"            case '{pattern}'\n                set path '{path}'\n");
        text.Append(Tail);
        foreach (var node in nodes)
        {
            var here = $"complete -c mimir -n {Quoted($"__mimir_at {Quoted(node.Path)}")}";
            foreach (var (name, description) in node.Words)
                text.Append($"{here} -f -a {name}{Note(description)}\n");
            foreach (var option in node.Options)
                text.Append($"{here} {Flags(option)}{Value(option)}{Note(option.Description)}\n");
        }

        return text.ToString();
    }

    private static string Flags(OptionNode option) => string.Join(' ', option.Names.Select(name => name switch
    {
        ['-', '-', .. var rest] => $"-l {rest}",
        ['-', _] => $"-s {name[1]}",
        _ => $"-o {name[1..]}",
    }));

    private static string Value(OptionNode option) => option switch
    {
        { TakesValue: false } => "",
        { MayBeFile: true } => " -r -F",
        { Values: [] } => " -x",
        _ => $" -x -a {Quoted(string.Join(' ', option.Values))}",
    };

    private static string Note(string description) => description.Length > 0 ? $" -d {Quoted(description)}" : "";

    private static string Quoted(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
