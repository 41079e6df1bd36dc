using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>apply-cmvn: normalises features by means and variances.</summary>
internal sealed class ApplyCmvnTool()
    : KaldiTool<ApplyCmvnTool.Options>(
        "apply-cmvn",
        "Apply cepstral mean and (optionally) variance normalization; statistics in a file are global.",
        "(<cmvn-stats-rspecifier>|<cmvn-stats-rxfilename>) <feats-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Table of the speaker of each utterance, when the statistics are of speakers.</summary>
        [Option("utt2spk")]
        public string Utt2Spk { get; init; } = "";

        /// <summary>Divide by standard deviations.</summary>
        [Option("norm-vars")]
        public bool NormVars { get; init; }

        /// <summary>Subtract means; false copies the features.</summary>
        [Option("norm-means")]
        public bool NormMeans { get; init; } = true;

        /// <summary>Dimensions that are left alone, with colons between them.</summary>
        [Option("skip-dims")]
        public string SkipDims { get; init; } = "";

        /// <summary>Undo a normalisation.</summary>
        [Option("reverse")]
        public bool Reverse { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options is { NormVars: true, NormMeans: false })
            throw new InputException("--norm-vars=true needs --norm-means=true.");
        if (options.Utt2Spk.Length > 0 && !Rspecifier.IsTable(arguments[0]))
            throw new InputException($"--utt2spk has no effect on the global statistics of the file {arguments[0]}.");

        var global = options.NormMeans && !Rspecifier.IsTable(arguments[0])
            ? Prepare(KaldiTables.DoubleMatrix.ReadOne(arguments[0], io), options)
            : null;
        using var table = options.NormMeans && global is null
            ? KaldiTables.DoubleMatrix.OpenMapped(arguments[0], options.Utt2Spk, io)
            : null;
        var (done, errors) = TableLoops.MapMatrices(arguments[1], arguments[2], io, (key, features) =>
        {
            if (!options.NormMeans)
                return features;

            var sums = global;
            if (table is not null && table.TryGet(key, out var found))
                sums = Prepare(found, options);
            if (sums is null)
            {
                log.Warning($"No normalization statistics available for key {key}, producing no output for this utterance");
                return null;
            }

            Apply(sums, key, features, options);
            return features;
        });
        var what = options.NormVars ? "mean and variance" : "mean";
        log.Log(options.NormMeans
            ? $"Applied cepstral {what} normalization to {done} utterances, errors on {errors}"
            : $"Copied {done} utterances.");
        return done != 0;
    }

    private static void Apply(CmvnStatistics sums, string key, FloatMatrix features, Options options)
    {
        try
        {
            sums.Apply(features, options.NormVars, options.Reverse);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private static CmvnStatistics Prepare(double[,] sums, Options options) =>
        new CmvnStatistics(sums).WithoutDimensions(SkippedDimensions.Parse(options.SkipDims));
}

/// <summary>Parses the dimensions that normalisation skips.</summary>
internal static class SkippedDimensions
{
    /// <summary>Parses text such as <c>13:14:15</c>; an empty text gives none.</summary>
    /// <exception cref="InputException">A part is not an integer.</exception>
    public static int[] Parse(string text) =>
    [
        .. text.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new InputException($"Expected dimensions as integers with colons between them, got '{text}'.")),
    ];
}
