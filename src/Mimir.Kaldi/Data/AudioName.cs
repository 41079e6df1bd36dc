using System.Text.RegularExpressions;

namespace Mimir.Kaldi.Data;

/// <summary>Resolves the audio names of <c>wav.scp</c>.</summary>
public static partial class AudioName
{
    /// <summary>
    /// Puts a relative path below the root. <c>flac -c -d -s PATH |</c>, the commonest command, becomes PATH: the file is
    /// decoded without a process. Other commands stay as they are, and run where pipes are allowed.
    /// </summary>
    /// <param name="rxfilename">The name in <c>wav.scp</c>.</param>
    /// <param name="root">The folder of relative paths; null leaves them as they are.</param>
    public static string Resolve(string rxfilename, string? root)
    {
        var name = rxfilename.Trim();
        if (name.EndsWith('|'))
        {
            var flac = PlainFlac().Match(name);
            if (!flac.Success)
                return name;

            name = flac.Groups["path"].Value.Trim('\'', '"');
        }

        return root is null || name == "-" ? name : Path.Combine(root, name);
    }

    // Only options that decode to the standard output; any other option changes the samples.
    [GeneratedRegex(@"^(\S*/)?flac(\s+(-[cds]+|--decode|--stdout|--silent|--totally-silent))+\s+(?<path>[^\s|;&<>$`]+)\s*\|$")]
    private static partial Regex PlainFlac();
}
