using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Mimir.Base;
using Mimir.Cli.Terminal;

namespace Mimir.Cli.Help;

/// <summary>Describes mistakes in a command line, with the command or option that was probably meant.</summary>
internal static class UsageProblems
{
    /// <summary>One line for each problem; none when the command can run.</summary>
    internal static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (parsed.Action is { ClearsParseErrors: true })
            return [];
        if (Unknown(parsed) is not { } unknown)
            return [.. parsed.Errors.Select(error => error.Message)];

        var kind = IsOption(unknown) ? "option" : "command";
        var known = IsOption(unknown)
            ? OptionsOf(parsed.CommandResult)
            : parsed.CommandResult.Command.Subcommands.Select(command => command.Name);
        var hint = Nearest(unknown, known) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        return [$"there is no {kind} '{unknown}' here{hint}"];
    }

    // A misspelt option looks like an argument to the parser when an argument is still to come.
    private static string? Unknown(ParseResult parsed)
    {
        if (parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash))
            return parsed.UnmatchedTokens is [var unmatched, ..] ? unmatched : null;

        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Select(token => token.Value)
            .Where(IsOption)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault();
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static IEnumerable<string> OptionsOf(CommandResult result) =>
        result.Command.Options.Select(option => option.Name).Append(new HelpOption().Name).Append(Diagnostics.VerboseName);

    private static string? Nearest(string word, IEnumerable<string> known)
    {
        var (name, distance) = known
            .Select(name => (name, Distance: Spelling.Distance(word, name)))
            .OrderBy(pair => pair.Distance)
            .FirstOrDefault(("", int.MaxValue));
        return distance <= Math.Max(2, word.Length / 3) && distance < word.Length ? name : null;
    }
}
