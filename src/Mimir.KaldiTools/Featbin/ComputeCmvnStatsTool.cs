using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compute-cmvn-stats: sums for normalisation, by utterance, by speaker or over all.</summary>
internal sealed class ComputeCmvnStatsTool : KaldiTool
{
    private string _spk2utt = "";
    private string _weights = "";
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
        parser.AddString(
            "weights", "", "rspecifier for a vector of floats for each utterance, that's a per-frame weight.", v => _weights = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var isTable = Wspecifier.IsTable(arguments[1]);
        if (!isTable && _spk2utt.Length > 0)
            throw new ArgumentException("--spk2utt needs a table to write to (did you forget ark:?).");

        using var sums = new CmvnAccumulator(_weights, log, io);
        if (!isTable)
        {
            Global(arguments[0], arguments[1], sums, log, io);
        }
        else
        {
            using var writer = KaldiTables.DoubleMatrix.Create(arguments[1], io);
            writer.Fill(() =>
            {
                if (_spk2utt.Length == 0)
                    PerUtterance(arguments[0], writer, sums, io);
                else if (Rspecifier.Parse(arguments[0]).IsScript)
                    PerSpeakerByScript(arguments[0], writer, sums, log, io);
                else
                    PerSpeakerByArchive(arguments[0], writer, sums, log, io);
            });
        }

        log.Log($"Done accumulating CMVN stats for {sums.Done} utterances; {sums.Errors} had errors.");
        return sums.Done != 0;
    }

    private void Global(string features, string target, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        CmvnStatistics? all = null;
        foreach (var (key, matrix) in KaldiTables.Matrix.Read(features, io))
            sums.Add(ref all, key, matrix);

        if (all is null)
            return;

        // In single precision, as Kaldi keeps global sums.
        var matrix64 = all.ToMatrix();
        var matrix32 = new FloatMatrix(2, all.Dimension + 1, [.. matrix64.Cast<double>().Select(value => (float)value)]);
        KaldiOutput.WriteOne(target, _binary, writer => writer.WriteMatrix(matrix32), io);
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

    // A script reads what a speaker needs, and only that.
    private void PerSpeakerByScript(
        string features, TableWriter<double[,]> writer, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        using var table = KaldiTables.Matrix.Open(features, io);
        foreach (var (speaker, utterances) in KaldiTables.TokenVector.Read(_spk2utt, io))
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

    // One pass over an archive, whatever its order: the sums of all speakers take less memory than the features of one.
    private void PerSpeakerByArchive(
        string features, TableWriter<double[,]> writer, CmvnAccumulator sums, KaldiLog log, KaldiIoOptions io)
    {
        var speakers = KaldiTables.TokenVector.Read(_spk2utt, io).ToList();
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
