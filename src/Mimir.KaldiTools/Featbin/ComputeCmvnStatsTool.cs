using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-cmvn-stats: sums features for normalisation, by utterance, by speaker or globally.</summary>
internal sealed class ComputeCmvnStatsTool()
    : KaldiTool<ComputeCmvnStatsTool.Options>(
        "compute-cmvn-stats",
        "Compute cepstral mean and variance normalization statistics; into a file, they are global.",
        "<feats-rspecifier> (<stats-wspecifier>|<stats-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Table of the utterances of each speaker; makes statistics of speakers.</summary>
        [Option("spk2utt")]
        public string Spk2Utt { get; init; } = "";

        /// <summary>Table of a weight for each frame.</summary>
        [Option("weights")]
        public string Weights { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var isTable = Wspecifier.IsTable(arguments[1]);
        if (!isTable && options.Spk2Utt.Length > 0)
            throw new InputException("--spk2utt needs a table to write to (did you forget ark:?).");

        using var sums = new CmvnAccumulator(options.Weights, log, io);
        if (!isTable)
        {
            Global(arguments[0], arguments[1], options.Binary, sums, log, io);
        }
        else
        {
            using var writer = KaldiTables.DoubleMatrix.Create(arguments[1], io);
            writer.Fill(() =>
            {
                if (options.Spk2Utt.Length == 0)
                    PerUtterance(arguments[0], writer, sums, io);
                else if (Rspecifier.Parse(arguments[0]).IsScript)
                    PerSpeakerByScript(arguments[0], options.Spk2Utt, writer, sums, log, io);
                else
                    PerSpeakerByArchive(arguments[0], options.Spk2Utt, writer, sums, log, io);
            });
        }

        log.Log($"Done accumulating CMVN stats for {sums.Done} utterances; {sums.Errors} had errors.");
        return sums.Done != 0;
    }

    private static void Global(
        string features, string target, bool binary, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        CmvnStatistics? all = null;
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(features, io))
            sums.Add(ref all, key, matrix);

        if (all is null)
            return;

        // Kaldi stores global sums in single precision.
        var matrix64 = all.ToMatrix();
        var matrix32 = new FloatMatrix(2, all.Dimension + 1, [.. matrix64.Cast<double>().Select(value => (float)value)]);
        KaldiTables.Matrix.WriteOne(target, matrix32, binary, io);
        log.Log($"Wrote global CMVN stats to {target}");
    }

    private static void PerUtterance(string features, TableWriter<double[,]> writer, CmvnAccumulator sums, KaldiIoOptions io)
    {
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(features, io))
        {
            CmvnStatistics? own = null;
            if (sums.Add(ref own, key, matrix) && own is not null)
                writer.Write(key, own.ToMatrix());
        }
    }

    // A script gives random access: only the utterances of a speaker are read.
    private static void PerSpeakerByScript(
        string features, string spk2utt, TableWriter<double[,]> writer, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        using var table = KaldiTables.Matrix.Open(features, io);
        foreach (var (speaker, utterances) in KaldiTables.TokenVector.Read(spk2utt, io))
        {
            CmvnStatistics? own = null;
            foreach (var utterance in utterances)
            {
                if (table.TryGet(utterance, out var matrix))
                    sums.Add(ref own, utterance, matrix);
                else
                    sums.Missing(utterance);
            }

            Write(writer, speaker, own, log);
        }
    }

    // One pass over an archive in any order: the sums of all speakers take less memory than the features of one.
    private static void PerSpeakerByArchive(
        string features, string spk2utt, TableWriter<double[,]> writer, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        var speakers = KaldiTables.TokenVector.Read(spk2utt, io).ToList();
        var speakerOf = speakers.SelectMany(s => s.Value.Select(utterance => (utterance, s.Key)))
            .ToLookup(pair => pair.utterance, pair => pair.Key);
        var bySpeaker = new Dictionary<string, CmvnStatistics?>();
        var seen = new HashSet<string>();
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(features, io))
        {
            seen.Add(key);
            foreach (var speaker in speakerOf[key])
            {
                var own = bySpeaker.GetValueOrDefault(speaker);
                sums.Add(ref own, key, matrix);
                bySpeaker[speaker] = own;
            }
        }

        foreach (var (speaker, utterances) in speakers)
        {
            foreach (var utterance in utterances.Where(utterance => !seen.Contains(utterance)))
                sums.Missing(utterance);

            Write(writer, speaker, bySpeaker.GetValueOrDefault(speaker), log);
        }
    }

    private static void Write(TableWriter<double[,]> writer, string speaker, CmvnStatistics? sums, KaldiLog log)
    {
        if (sums is null)
            log.Warning($"No stats accumulated for speaker {speaker}");
        else
            writer.Write(speaker, sums.ToMatrix());
    }
}

/// <summary>Adds utterances to normalisation statistics, with optional weights, and counts them.</summary>
internal sealed class CmvnAccumulator : IDisposable
{
    private readonly RandomAccessTable<float[]>? _weights;
    private readonly KaldiLog _log;

    /// <summary>Opens the weights.</summary>
    public CmvnAccumulator(string weights, KaldiLog log, KaldiIoOptions io)
    {
        _weights = weights.Length == 0 ? null : KaldiTables.FloatVector.Open(weights, io);
        _log = log;
    }

    /// <summary>Gets the number of utterances that were added.</summary>
    public int Done { get; private set; }

    /// <summary>Gets the number of utterances that were skipped.</summary>
    public int Errors { get; private set; }

    /// <summary>Adds an utterance; the first makes the statistics.</summary>
    /// <returns>False when the utterance lacks weights or has no frames.</returns>
    /// <exception cref="InputException">The dimension differs, or a value is not finite.</exception>
    public bool Add(ref CmvnStatistics? sums, string utterance, FloatMatrix features)
    {
        try
        {
            if (features.Rows == 0)
            {
                _log.Warning($"Utterance {utterance} has no frames; it is left out.");
                Errors++;
                return false;
            }

            if (!TryGetWeights(utterance, features.Rows, out var weights))
            {
                Errors++;
                return false;
            }

            sums ??= new CmvnStatistics(features.Columns);
            sums.Accumulate(features, weights);
            Done++;
            return true;
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{utterance}': {failure.Message}", failure);
        }
    }

    /// <summary>Counts an utterance without features.</summary>
    public void Missing(string utterance)
    {
        _log.Warning($"Did not find features for utterance {utterance}");
        Errors++;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights?.Dispose();

    private bool TryGetWeights(string utterance, int frames, out float[] weights)
    {
        weights = [];
        if (_weights is null)
            return true;

        if (!_weights.TryGet(utterance, out var found))
        {
            _log.Warning($"No weights available for utterance {utterance}");
            return false;
        }

        weights = found;
        if (found.Length == frames)
            return true;

        _log.Warning($"Weights for utterance {utterance} have wrong dimension {found.Length} vs. {frames}");
        return false;
    }
}
