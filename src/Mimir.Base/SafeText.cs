using System.Globalization;
using System.Text.RegularExpressions;

namespace Mimir.Base;

/// <summary>Makes text that came from files and addresses safe to show and to keep.</summary>
public static partial class SafeText
{
    /// <summary>
    /// The text without credentials, and with characters that would steer a terminal written out: <c>\u001b</c>. Line ends and
    /// tabs stay.
    /// </summary>
    /// <param name="text">Names, messages, addresses.</param>
    public static string Of(string text) => Steering().Replace(WithoutSecrets(text), match => string.Concat(match.Value.Select(Written)));

    /// <summary>The text with name and password, and the query, of each address in it replaced by asterisks.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutSecrets(string text) =>
        text.Contains("://", StringComparison.Ordinal) ? Query().Replace(User().Replace(text, "://***@"), "$1***") : text;

    private static string Written(char letter) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");

    // A password that was not encoded may have an @; the host begins after the last one.
    [GeneratedRegex("""://[^\s/?#'"]*@""")]
    private static partial Regex User();

    [GeneratedRegex("""(https?://[^\s?#'"]*\?)[^\s#'"]+""", RegexOptions.IgnoreCase)]
    private static partial Regex Query();

    // Control characters, and those that turn the direction of writing.
    [GeneratedRegex(@"[\x00-\x08\x0B-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]+")]
    private static partial Regex Steering();
}
