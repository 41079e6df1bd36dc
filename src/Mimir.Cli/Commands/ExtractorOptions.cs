using System.CommandLine;
using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.KaldiTools;

namespace Mimir.Cli.Commands;

/// <summary>The options of Kaldi's extractors on the command line of <c>mimir features</c>: every name of every kind.</summary>
internal static class ExtractorOptions
{
    private static readonly string[] Kinds = ["fbank", "mfcc", "plp", "spectrogram"];

    /// <summary>Creates the options; help omits them because they are Kaldi's.</summary>
    internal static IReadOnlyList<Option<string?>> Create() =>
    [
        .. Kinds.SelectMany(kind => FeatureOptionNames.Of(FeatureOptions.ForKind(kind))).DistinctBy(option => option.Name)
            .Select(option => new Option<string?>("--" + option.Name)
            {
                Description = option.Help,
                Hidden = true,
                Arity = option.Type == "bool" ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            }),
    ];

    /// <summary>Reads a configuration file and the command line into the options of a kind.</summary>
    /// <exception cref="InputException">A kind, an option or a value does not exist; the message names the nearest.</exception>
    internal static FeatureOptions Read(ParseResult parsed, IReadOnlyList<Option<string?>> known, string kind, string? config)
    {
        var options = FeatureOptions.ForKind(kind);
        if (config is not null)
        {
            var parser = new KaldiOptionParser("");
            foreach (var option in FeatureOptionNames.Of(options))
                parser.Add(option.Name, option.Type, option.Get(options), option.Help, value => options = option.Set(options, value));

            parser.Parse([$"--config={config}"]);
        }

        foreach (var option in known.Where(option => parsed.GetResult(option) is { Implicit: false }))
            options = FeatureOptionNames.Set(options, option.Name[2..], parsed.GetValue(option) ?? "");

        return options;
    }
}
