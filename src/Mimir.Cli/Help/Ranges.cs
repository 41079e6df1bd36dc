using System.CommandLine;
using System.Globalization;

namespace Mimir.Cli.Help;

/// <summary>Limits of numbers on the command line, which are checked before a command begins.</summary>
internal static class Ranges
{
    /// <summary>Refuses numbers outside a range.</summary>
    /// <param name="option">The option.</param>
    /// <param name="least">The least number.</param>
    /// <param name="most">The greatest number; null for no limit.</param>
    /// <returns>The same option.</returns>
    internal static Option<T> Within<T>(this Option<T> option, double least, double? most = null)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [var token] || !double.TryParse(token.Value, CultureInfo.InvariantCulture, out var number))
                return;

            if (!(number >= least && number <= (most ?? double.MaxValue)))
            {
                var range = most is { } limit ? Text($"from {least} to {limit}") : Text($"from {least}");
                result.AddError($"{option.Name}: expected a number {range}, got {token.Value}");
            }
        });
        return option;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
