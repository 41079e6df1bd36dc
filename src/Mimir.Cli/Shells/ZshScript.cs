using System.Text;

namespace Mimir.Cli.Shells;

/// <summary>The completion script for zsh.</summary>
internal static class ZshScript
{
    private const string Head = """
        #compdef mimir
        # Completion of mimir for zsh, made by 'mimir completion zsh'. Save it as _mimir in a folder of $fpath, or for this shell:
        # source <(mimir completion zsh)
        _mimir() {
            local at='' index
            local -a known options values
            for ((index = 2; index < CURRENT; index++)); do
                case "$at ${words[index]}" in

        """;

    private const string Paths = """
                esac
            done
            case "$at" in

        """;

    private const string Values = """
            esac
            case "$at ${words[CURRENT - 1]}" in

        """;

    private const string Tail = """
            esac
            if [[ ${words[CURRENT]} == -* ]]; then
                _describe -o option options
            elif (( $#known )); then
                _describe command known
            else
                _files
            fi
        }
        if [[ ${funcstack[1]} == _mimir ]]; then
            _mimir "$@"
        elif (( $+functions[compdef] )); then
            compdef _mimir mimir
        fi

        """;

    /// <summary>Writes the script.</summary>
    internal static string Write(IReadOnlyList<CommandNode> nodes)
    {
        var text = new StringBuilder(Head);
        CompletionScript.Steps(text, nodes, (pattern, path) => $"            '{pattern}') at='{path}' ;;\n");
        text.Append(Paths);
        foreach (var node in nodes)
        {
            var options = node.Options.SelectMany(option => option.Names.Select(name => (name, option.Description)));
            text.Append($"        '{node.Path}')\n            known=({Described(node.Words)})\n");
            text.Append($"            options=({Described(options)}) ;;\n");
        }

        text.Append(Values);
        foreach (var node in nodes)
        {
            foreach (var option in node.Options.Where(option => option.TakesValue))
            {
                var action = option switch
                {
                    { MayBeFile: true } => "_files",
                    { Values: [] } => $"_message {CompletionScript.Quoted(option.Description)}",
                    _ => $"values=({string.Join(' ', option.Values)}); _describe value values",
                };
                text.Append($"        {string.Join('|', option.Names.Select(name => $"'{node.Path} {name}'"))}) {action}; return ;;\n");
            }
        }

        return text.Append(Tail).ToString();
    }

    private static string Described(IEnumerable<(string Name, string Description)> words) => string.Join(' ', words.Select(word =>
        CompletionScript.Quoted(word.Description.Length > 0 ? $"{word.Name}:{word.Description}" : word.Name)));
}
