using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mimir.Cli.Help;

/// <summary>A command line inside another one, after <c>--</c>.</summary>
internal static class TrailingCommand
{
    /// <summary>The name of the argument that holds it.</summary>
    internal const string Name = "command";

    /// <summary>A command line whose <c>--</c> was forgotten, as it should be; null when it was not.</summary>
    /// <param name="parsed">The command line.</param>
    internal static string? WithDashes(ParseResult parsed)
    {
        var hasPlace = parsed.CommandResult.Command.Arguments.Any(argument => argument.Name == Name);
        if (!hasPlace || parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            || parsed.GetValue<string[]>(Name) is not [var first, ..])
        {
            return null;
        }

        var words = parsed.Tokens.Select(token => token.Value).ToList();
        var index = words.IndexOf(first);
        return string.Join(' ', ["mimir", .. words[..index], "--", .. words[index..]]);
    }
}
