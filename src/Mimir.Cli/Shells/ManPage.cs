using System.CommandLine;
using System.Text;
using Mimir.Cli.Help;

namespace Mimir.Cli.Shells;

/// <summary>The manual page of the program, in the language of man(7), made from its commands.</summary>
internal static class ManPage
{
    private static readonly (string Name, string Meaning)[] Variables =
    [
        ("MIMIR_LIBTORCH", "The folder of another libtorch of the same minor version, for example one with CUDA."),
        ("MIMIR_ISA", "The widest instructions of the kernels: sse2, avx2 or avx512."),
        ("MIMIR_LISTEN", "The address that a worker listens on for the others."),
        ("RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT", "A worker's place, set by a launcher; those of mpirun and srun are known too."),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="commands">The commands, the program itself first.</param>
    internal static string Write(IEnumerable<CommandNode> commands)
    {
        var nodes = commands.ToList();
        var root = nodes[0].Command;
        var (summary, exitCodes) = (root.Description ?? "").Split(" Exit codes: ") is [var first, var second] ? (first, second) : ("", "");
        var text = new StringBuilder($".TH MIMIR 1 \"\" \"mimir {Version()}\" \"User Commands\"\n");
        text.Append(".SH NAME\nmimir \\- train acoustic models for speech recognition\n");
        text.Append(".SH SYNOPSIS\n.B mimir\n.I command\n.RI [ options ]\n");
        text.Append($".SH DESCRIPTION\n{Line(summary)}");
        text.Append(".SH OPTIONS OF ALL COMMANDS\n");
        foreach (var option in nodes[0].Options.Where(option => option.Option.Recursive))
            Append(text, option.Option);

        text.Append(".SH COMMANDS\n");
        foreach (var node in nodes.Skip(1).Where(node => node.Command.Subcommands.Count == 0))
            Append(text, node);

        text.Append(".SH EXIT STATUS\n");
        foreach (var code in exitCodes.TrimEnd('.').Split(", ").Aggregate(new List<string>(), Join))
            text.Append($".TP\n.B {code.Split(' ')[0]}\n{Line(code[(code.IndexOf(' ', StringComparison.Ordinal) + 1)..])}");
        text.Append(".SH ENVIRONMENT\n");
        foreach (var (name, meaning) in Variables)
            text.Append($".TP\n.B {Escape(name)}\n{Line(meaning)}");
        text.Append(".SH EXAMPLES\n");
        Append(text, Examples.Of(root));
        return text.ToString();
    }

    // "1 error of data, files or machine" is one code.
    private static List<string> Join(List<string> codes, string part)
    {
        if (char.IsAsciiDigit(part[0]) || codes.Count == 0)
            codes.Add(part);
        else
            codes[^1] += $", {part}";

        return codes;
    }

    private static void Append(StringBuilder text, CommandNode node)
    {
        var arguments = string.Concat(node.Command.Arguments.Select(Argument));
        var own = node.Command.Options.Where(option => !option.Hidden && option.Name != "--help").ToList();
        text.Append($".SS \"mimir {Escape(node.Path)}{arguments}{(own.Count > 0 ? " [options]" : "")}\"\n{Line(node.Command.Description)}");
        foreach (var argument in node.Command.Arguments)
            text.Append($".TP\n.I {Escape(argument.Name)}\n{Line(argument.Description)}");
        own.ForEach(option => Append(text, option));
        Append(text, Examples.Of(node.Command));
    }

    private static void Append(StringBuilder text, Option option)
    {
        var node = new OptionNode(option);
        var value = node.TakesValue ? $" \\fI{Escape(option.HelpName ?? string.Join('|', node.Values.DefaultIfEmpty("value")))}\\fR" : "";
        text.Append($".TP\n{string.Join(", ", node.Names.Select(name => $"\\fB{Escape(name)}\\fR"))}{value}\n{Line(option.Description)}");
    }

    private static void Append(StringBuilder text, IReadOnlyList<string> examples)
    {
        if (examples.Count == 0)
            return;

        text.Append(".RS 4\n.nf\n");
        foreach (var example in examples)
            text.Append(Line(example));
        text.Append(".fi\n.RE\n");
    }

    private static string Argument(Argument argument)
    {
        var name = Escape(argument.Arity.MaximumNumberOfValues > 1 ? $"{argument.Name} ..." : argument.Name);
        return argument.Arity.MinimumNumberOfValues > 0 ? $" {name}" : $" [{name}]";
    }

    private static string Line(string? text)
    {
        var line = Escape((text ?? "").ReplaceLineEndings(" "));
        return line is ['.' or '\'', ..] ? $"\\&{line}\n" : $"{line}\n";
    }

    private static string Escape(string text) => text
        .Replace(@"\", @"\e", StringComparison.Ordinal)
        .Replace("-", @"\-", StringComparison.Ordinal)
        .Replace("\"", @"\(dq", StringComparison.Ordinal)
        .Replace("…", "...", StringComparison.Ordinal);

    private static string Version() => typeof(ManPage).Assembly.GetName().Version?.ToString(3) ?? "";
}
