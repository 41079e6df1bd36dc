using System.Net.Http.Headers;
using System.Text;

namespace Mimir.Dist.Data.Caching;

/// <summary>The credentials for a corpus on a web server: a name and a password, or a token.</summary>
/// <remarks>
/// In this order: name and password in the address; <c>MIMIR_CORPUS_TOKEN</c>; <c>MIMIR_CORPUS_USER</c> and
/// <c>MIMIR_CORPUS_PASSWORD</c>; the host's entry in <c>~/.netrc</c>, or in the file that <c>NETRC</c> names.
/// </remarks>
internal static class HttpCredentials
{
    /// <summary>The variables in words.</summary>
    public const string Variables = $"{User} and {Password} (or {Token})";

    private const string User = "MIMIR_CORPUS_USER";
    private const string Password = "MIMIR_CORPUS_PASSWORD";
    private const string Token = "MIMIR_CORPUS_TOKEN";
    private const string File = "NETRC";

    /// <summary>The header for a server; null where nothing is known for it.</summary>
    /// <param name="root">The address.</param>
    /// <param name="environment">The value of a variable, or null.</param>
    /// <param name="read">The content of a file, or null.</param>
    public static AuthenticationHeaderValue? Find(Uri root, Func<string, string?> environment, Func<string, string?> read)
    {
        if (root.UserInfo.Split(':', 2) is [{ Length: > 0 } name, .. var rest])
            return Basic(Uri.UnescapeDataString(name), Uri.UnescapeDataString(rest is [var password] ? password : ""));
        if (environment(Token) is { Length: > 0 } token)
            return new("Bearer", token);
        if (environment(User) is { Length: > 0 } user)
            return Basic(user, environment(Password) ?? "");

        var file = environment(File) ?? Path.Combine(environment("HOME") ?? "", ".netrc");
        return read(file) is { } text && InNetrc(text, root.Host) is var (login, secret) ? Basic(login, secret) : null;
    }

    /// <summary>The content of a file that may be missing or closed to this user.</summary>
    /// <param name="file">The file.</param>
    public static string? ReadHidden(string file)
    {
        try
        {
            return System.IO.File.Exists(file) ? System.IO.File.ReadAllText(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // The first entry of the host, or 'default'; as curl and ftp read it.
    private static (string Login, string Password)? InNetrc(string text, string host)
    {
        var lines = text.Split('\n').Select(line => line.Trim()).Where(line => !line.StartsWith('#'));
        var words = string.Join(' ', lines).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var isHost = words[i] == "machine" && i + 1 < words.Length && words[i + 1].Equals(host, StringComparison.OrdinalIgnoreCase);
            if (!isHost && words[i] != "default")
                continue;

            var (login, password) = ("", "");
            for (i += isHost ? 2 : 1; i + 1 < words.Length && words[i] is not ("machine" or "default"); i += 2)
                (login, password) = words[i] switch
                {
                    "login" => (words[i + 1], password),
                    "password" => (login, words[i + 1]),
                    _ => (login, password),
                };
            return (login, password);
        }

        return null;
    }

    private static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
