using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Mimir.Base;

namespace Mimir.Cli.Help;

/// <summary>Describes mistakes in a command line, with the command or option that was probably meant.</summary>
internal static class UsageProblems
{
    /// <summary>One line for each problem; none when the command can run.</summary>
    internal static IReadOnlyList<string> Of(ParseResult parsed)
    {
        if (Unknown(parsed) is { } unknown)
            return [UnknownWord(parsed, unknown)];

        return parsed.Action is { ClearsParseErrors: true } ? [] : [.. parsed.Errors.Select(ParseErrors.Describe)];
    }

    private static string UnknownWord(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        if (IsOption(word))
        {
            return TrailingCommand.WithDashes(parsed) is { } corrected
                ? $"'{word}' is no option of '{command.Name}'; what the workers run comes after --: {corrected}"
                : $"there is no option '{word}' here{Hint(word, OptionsOf(parsed.CommandResult))}";
        }

        return command.Subcommands.Count > 0
            ? $"there is no command '{word}' here{Hint(word, command.Subcommands.Select(known => known.Name))}"
            : $"'{word}' is one argument too many for '{command.Name}'";
    }

    // A misspelt option looks like an argument to the parser when an argument is still to come.
    private static string? Unknown(ParseResult parsed)
    {
        var afterDashes = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1).Count();
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .SkipLast(afterDashes)
            .Select(token => token.Value)
            .Where(IsOption)
            .Concat(parsed.UnmatchedTokens)
            .FirstOrDefault();
    }

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static IEnumerable<string> OptionsOf(CommandResult result)
    {
        var own = result.Command.Options.AsEnumerable();
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
            own = own.Concat(above.Command.Options.Where(option => option.Recursive));

        return own.Select(option => option.Name).Append(new HelpOption().Name).Distinct();
    }

    private static string Hint(string word, IEnumerable<string> known) =>
        Spelling.Nearest(word.Split('=')[0], known) is { } nearest ? $"; did you mean '{nearest}'?" : "";
}
