using System.CommandLine;
using System.Text;

namespace Mimir.Cli.Shells;

/// <summary>Scripts that complete the program's command lines in a shell.</summary>
/// <remarks>
/// A script follows the words before the cursor down the tree of commands. It then offers commands, options, or the values of an
/// option; where a value may be a file, files.
/// </remarks>
internal static class CompletionScript
{
    /// <summary>The end of a path below which nothing is known: the name of one of Kaldi's programs.</summary>
    private const string Leaf = "*";

    /// <summary>Gets the shells that there is a script for.</summary>
    internal static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script for a shell.</summary>
    /// <param name="shell">One of <see cref="Shells"/>.</param>
    /// <param name="root">The program.</param>
    /// <param name="words">The words after a command that are no commands of the tree, such as the names of Kaldi's programs.</param>
    internal static string For(string shell, Command root, IReadOnlyDictionary<string, IReadOnlyList<string>> words)
    {
        var nodes = CommandNode.All(root, words).ToList();
        return shell switch
        {
            "bash" => BashScript.Write(nodes),
            "zsh" => ZshScript.Write(nodes),
            _ => FishScript.Write(nodes),
        };
    }

    /// <summary>Writes the lines of a <c>case</c> that follows a word down the tree: the pattern is <c>path word</c>.</summary>
    /// <param name="text">Receives the lines.</param>
    /// <param name="nodes">The commands.</param>
    /// <param name="line">Writes a line of a pattern and the path that it leads to.</param>
    internal static void Steps(StringBuilder text, IEnumerable<CommandNode> nodes, Func<string, string, string> line)
    {
        foreach (var node in nodes)
        {
            foreach (var (name, _) in node.Words)
                text.Append(line($"{node.Path} {name}", node.IsLeaf ? $"{node.Path} {Leaf}" : $"{node.Path} {name}".TrimStart()));
            if (node.HasTrailingCommand)
                text.Append(line($"{node.Path} --", ""));
        }
    }

    /// <summary>A text in single quotes, for bash and zsh.</summary>
    internal static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
