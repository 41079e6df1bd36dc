using System.CommandLine;
using System.CommandLine.Parsing;

namespace Mimir.Cli.Help;

/// <summary>Says in Mimir's words what the parser found wrong: its own texts name types of .NET.</summary>
internal static class ParseErrors
{
    /// <summary>One line for an error.</summary>
    internal static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0, IdentifierTokenCount: 0 } option => $"{option.Option.Name} is missing: {option.Option.Description}",
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name}: expected {Expected(option.Option)}, got nothing",
        OptionResult { Tokens: [var token] } option when IsConversion(error) =>
            $"{option.Option.Name}: expected {Expected(option.Option)}, got '{token.Value}'",
        ArgumentResult { Parent: OptionResult { Tokens: [var token] } option } when IsConversion(error) =>
            $"{option.Option.Name}: expected {Expected(option.Option)}, got '{token.Value}'",
        ArgumentResult { Tokens.Count: 0, Parent: CommandResult } argument =>
            $"<{argument.Argument.Name}> is missing: {argument.Argument.Description}",
        CommandResult { Command: { Subcommands.Count: > 0 } command } when error.Message.StartsWith("Required", StringComparison.Ordinal) =>
            $"expected one of the commands {string.Join(", ", command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name))}",
        _ => string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
    };

    private static bool IsConversion(ParseError error) => error.Message.StartsWith("Cannot parse", StringComparison.Ordinal);

    private static string Expected(Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        if (type.IsEnum)
            return string.Join(" or ", Enum.GetNames(type));

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.UInt64 => "a whole number from 0",
            TypeCode.Double => "a number",
            TypeCode.Boolean => "true or false",
            _ => option.HelpName ?? "a value",
        };
    }
}
