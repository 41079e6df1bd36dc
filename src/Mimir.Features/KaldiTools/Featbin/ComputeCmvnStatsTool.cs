using System.Diagnostics.CodeAnalysis;
using Mimir.Features.Extraction;
using Mimir.Features.Matrices;
using Mimir.Features.Tables;

namespace Mimir.Features.KaldiTools.Featbin;

/// <summary>compute-cmvn-stats: sums for normalisation, by utterance, by speaker or over all.</summary>
internal sealed class ComputeCmvnStatsTool : KaldiTool
{
    private string _spk2utt = "";
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public ComputeCmvnStatsTool()
        : base(
            "compute-cmvn-stats",
            "Compute cepstral mean and variance normalization statistics; into a file, they are global.",
            "<feats-rspecifier> (<stats-wspecifier>|<stats-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddString("spk2utt", "", "rspecifier for speaker to utterance-list map", v => _spk2utt = v);
        parser.AddBool("binary", true, "write in binary mode (applies only to global CMVN stats)", v => _binary = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!Rspecifier.IsTable(arguments[1]))
            return Global(arguments[0], arguments[1], log, io);

        using var writer = new DoubleMatrixTableWriter(arguments[1], io);
        try
        {
            return _spk2utt.Length == 0
                ? PerUtterance(arguments[0], writer, log, io)
                : PerSpeaker(arguments[0], writer, log, io);
        }
        catch (Exception)
        {
            writer.Discard();
            throw;
        }
    }

    private bool Global(string features, string target, KaldiLog log, KaldiIoOptions io)
    {
        CmvnStatistics? sums = null;
        var done = 0;
        foreach (var (key, matrix) in MatrixTable.Read(features, io))
        {
            Accumulate(ref sums, key, matrix);
            done++;
        }

        if (sums is not null)
        {
            using var output = KaldiOutput.Open(target, io);
            var writer = new KaldiWriter(output.Stream, _binary);
            writer.WriteBinaryMarker();
            writer.WriteMatrix(sums.ToMatrix());
            log.Log($"Wrote global CMVN stats to {target}");
        }

        return Finish(done, errors: 0, log);
    }

    private static bool PerUtterance(string features, DoubleMatrixTableWriter writer, KaldiLog log, KaldiIoOptions io)
    {
        var done = 0;
        foreach (var (key, matrix) in MatrixTable.Read(features, io))
        {
            CmvnStatistics? sums = null;
            Accumulate(ref sums, key, matrix);
            writer.Write(key, sums.ToMatrix());
            done++;
        }

        return Finish(done, errors: 0, log);
    }

    // One pass over the features, whatever their order, with the sums of all speakers in memory.
    private bool PerSpeaker(string features, DoubleMatrixTableWriter writer, KaldiLog log, KaldiIoOptions io)
    {
        var speakers = TokenTable.Read(_spk2utt, io).ToList();
        var speakerOf = speakers.SelectMany(s => s.Value.Select(utterance => (utterance, s.Key)))
            .ToLookup(pair => pair.utterance, pair => pair.Key);
        var sums = new Dictionary<string, CmvnStatistics?>();
        var seen = new HashSet<string>();
        foreach (var (key, matrix) in MatrixTable.Read(features, io))
        {
            seen.Add(key);
            foreach (var speaker in speakerOf[key])
            {
                var sum = sums.GetValueOrDefault(speaker);
                Accumulate(ref sum, key, matrix);
                sums[speaker] = sum;
            }
        }

        var missing = speakers.SelectMany(s => s.Value).Where(utterance => !seen.Contains(utterance)).ToList();
        foreach (var utterance in missing)
            log.Warning($"Did not find features for utterance {utterance}");

        foreach (var (speaker, _) in speakers)
        {
            if (sums.GetValueOrDefault(speaker) is { } sum)
                writer.Write(speaker, sum.ToMatrix());
            else
                log.Warning($"No stats accumulated for speaker {speaker}");
        }

        return Finish(speakers.Sum(s => s.Value.Length) - missing.Count, missing.Count, log);
    }

    private static void Accumulate([NotNull] ref CmvnStatistics? sums, string key, FloatMatrix features)
    {
        try
        {
            sums ??= new CmvnStatistics(features.Columns);
            sums.Accumulate(features);
        }
        catch (ArgumentException failure)
        {
            throw new FormatException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private static bool Finish(int done, int errors, KaldiLog log)
    {
        log.Log($"Done accumulating CMVN stats for {done} utterances; {errors} had errors.");
        return done != 0;
    }
}
