using System.CommandLine;
using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.KaldiTools.CommandLine;
using FeatureOption = Mimir.Base.Options.Option;

namespace Mimir.Cli.Commands;

/// <summary>The options of Kaldi's extractors on the command line of <c>mimir features</c>: every name of every kind.</summary>
internal static class ExtractorOptions
{
    /// <summary>Creates the options; help omits them because they are Kaldi's.</summary>
    internal static IReadOnlyList<Option<string?>> Create() =>
    [
        .. FeatureOptions.Kinds.SelectMany(kind => FeatureOption.Of(FeatureOptions.ForKind(kind).GetType()))
            .DistinctBy(option => option.Name)
            .Select(option => new Option<string?>("--" + option.Name)
            {
                Description = option.Description,
                Hidden = true,
                Arity = option.TypeName == "bool" ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
            }),
    ];

    /// <summary>Reads a configuration file and the command line into the options of a kind.</summary>
    /// <exception cref="InputException">A kind, an option or a value does not exist; the message names the nearest.</exception>
    internal static FeatureOptions Read(ParseResult parsed, IReadOnlyList<Option<string?>> known, string kind, string? config)
    {
        var options = FeatureOptions.ForKind(kind);
        if (config is not null)
            new KaldiOptionParser("", options).Parse([$"--config={config}"]);

        foreach (var option in known.Where(option => parsed.GetResult(option) is { Implicit: false }))
            options = options.With(option.Name[2..], parsed.GetValue(option) ?? "");

        return options;
    }
}
