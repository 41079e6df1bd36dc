using System.CommandLine;
using System.Text;
using Mimir.Base.Text;

namespace Mimir.Cli.Commands;

/// <summary>The option <c>--encoding</c> of the commands that read transcripts.</summary>
internal static class TextOptions
{
    /// <summary>Creates the option.</summary>
    internal static Option<string?> Encoding() => new("--encoding")
    {
        Description = $"The encoding of the texts that are read, where it is not UTF-8: {TextEncodings.Names}.",
        HelpName = "name",
    };

    /// <summary>Finds the encoding that was named; null for UTF-8.</summary>
    internal static Encoding? Find(string? name) => name is null ? null : TextEncodings.Find(name);
}
