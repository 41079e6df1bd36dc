using System.Text;

namespace Mimir.Cli.Shells;

/// <summary>The completion script for bash.</summary>
internal static class BashScript
{
    private const string Head = """
        # Completion of mimir for bash, made by 'mimir completion bash'. For this shell: source <(mimir completion bash)
        _mimir() {
            local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path='' words='' options='' index
            # --name=value comes as three words.
            if [[ $current == '=' ]]; then
                current=''
            elif [[ $previous == '=' ]]; then
                previous=${COMP_WORDS[COMP_CWORD - 2]}
            fi
            for ((index = 1; index < COMP_CWORD; index++)); do
                case "$path ${COMP_WORDS[index]}" in

        """;

    private const string Paths = """
                esac
            done
            COMPREPLY=()
            case "$path" in

        """;

    private const string Values = """
            esac
            case "$path $previous" in

        """;

    private const string Tail = """
            esac
            if [[ $current == -* ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$current"))
            elif [[ $words ]]; then
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            fi
        }
        complete -o default -F _mimir mimir

        """;

    /// <summary>Writes the script.</summary>
    internal static string Write(IReadOnlyList<CommandNode> nodes)
    {
        var text = new StringBuilder(Head);
        CompletionScript.Steps(text, nodes, (pattern, path) => $"            '{pattern}') path='{path}' ;;\n");
        text.Append(Paths);
        foreach (var node in nodes)
        {
            var words = string.Join(' ', node.Words.Select(word => word.Name));
            text.Append($"        '{node.Path}') words='{words}' options='{Names(node.Options)}' ;;\n");
        }

        text.Append(Values);
        foreach (var node in nodes)
        {
            foreach (var option in node.Options.Where(option => option.TakesValue))
            {
                // Without an answer bash completes files.
                var action = option switch
                {
                    { MayBeFile: true } => "return",
                    { Values: [] } => "compopt +o default 2> /dev/null; return",
                    _ => $"COMPREPLY=($(compgen -W '{string.Join(' ', option.Values)}' -- \"$current\")); return",
                };
                text.Append($"        {string.Join('|', option.Names.Select(name => $"'{node.Path} {name}'"))}) {action} ;;\n");
            }
        }

        return text.Append(Tail).ToString();
    }

    private static string Names(IEnumerable<OptionNode> options) => string.Join(' ', options.SelectMany(option => option.Names));
}
