using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>apply-cmvn-online: normalises features as a decoder does while they arrive.</summary>
internal sealed class ApplyCmvnOnlineTool()
    : KaldiTool<ApplyCmvnOnlineTool.Options>(
        "apply-cmvn-online",
        "Apply online cepstral mean (and possibly variance) computation online, with the earlier utterances of the speaker",
        "<global-cmvn-stats> <feature-rspecifier> <feature-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>The normalisation.</summary>
        [IncludeOptions]
        public OnlineCmvnOptions Cmvn { get; init; } = new();

        /// <summary>Table of the utterances of each speaker, in order of time; without it each utterance begins anew.</summary>
        [Option("spk2utt")]
        public string Spk2Utt { get; init; } = "";

        /// <summary>Dimensions that are left alone, with colons between them.</summary>
        [Option("skip-dims")]
        public string SkipDims { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var global = new CmvnStatistics(KaldiTables.DoubleMatrix.ReadOne(arguments[0], io));
        var skipped = SkippedDimensions.Parse(options.SkipDims);
        long frames = 0;
        var done = KaldiTables.Matrix.WriteAll(arguments[2], options.Spk2Utt.Length > 0 ? BySpeaker() : ByUtterance(), io);
        log.Log($"Applied online CMVN to {done} files, or {frames} frames.");
        return done != 0;

        IEnumerable<KeyValuePair<string, FloatMatrix>> ByUtterance() => KaldiTables.Matrix.Read(arguments[1], io)
            .Select(entry => KeyValuePair.Create(entry.Key, Normalise(entry.Value, null)));

        IEnumerable<KeyValuePair<string, FloatMatrix>> BySpeaker()
        {
            using var table = KaldiTables.Matrix.Open(arguments[1], io);
            foreach (var (_, utterances) in KaldiTables.TokenVector.Read(options.Spk2Utt, io))
            {
                var speaker = new CmvnStatistics(global.Dimension);
                foreach (var utterance in utterances)
                {
                    if (!table.TryGet(utterance, out var features))
                    {
                        log.Warning($"No features for utterance {utterance}");
                        continue;
                    }

                    yield return new(utterance, Normalise(features, speaker));
                    speaker.Accumulate(features);
                }
            }
        }

        FloatMatrix Normalise(FloatMatrix features, CmvnStatistics? speaker)
        {
            frames += features.Rows;
            return new OnlineCmvn(options.Cmvn, global, speaker, skipped).Apply(features);
        }
    }
}
