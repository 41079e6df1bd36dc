using System.Text;

namespace Mimir.Kaldi.Data;

/// <summary>The speaker of each utterance, from <c>utt2spk</c>, <c>spk2utt</c>, or both when they agree.</summary>
internal sealed class SpeakerMap
{
    private readonly Dictionary<string, string> _speakers = [];
    private readonly KeyedLines _lines;
    private readonly bool _bySpeaker;

    private SpeakerMap(KeyedLines lines, bool bySpeaker)
    {
        _lines = lines;
        _bySpeaker = bySpeaker;
        foreach (var key in lines.Keys)
        {
            lines.TryGet(key, out var text);
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || (!bySpeaker && words.Length > 1))
                throw lines.Error(key, bySpeaker ? "expected 'speaker utterance ...'." : "expected 'utterance speaker'.");

            foreach (var word in words)
            {
                var (utterance, speaker) = bySpeaker ? (word, key) : (key, word);
                if (!_speakers.TryAdd(utterance, speaker))
                    throw lines.Error(key, $"utterance '{utterance}' comes twice.");
            }
        }
    }

    public string FilePath => _lines.FilePath;

    /// <summary>Reads the files that the directory has; null when it has neither.</summary>
    public static SpeakerMap? Read(string folder, Encoding? encoding = null)
    {
        var forward = KeyedLines.ReadIfPresent(folder, "utt2spk", encoding) is { } utt2Spk
            ? new SpeakerMap(utt2Spk, bySpeaker: false)
            : null;
        var backward = KeyedLines.ReadIfPresent(folder, "spk2utt", encoding) is { } spk2Utt
            ? new SpeakerMap(spk2Utt, bySpeaker: true)
            : null;
        if (forward is null || backward is null)
            return forward ?? backward;

        foreach (var (utterance, speaker) in forward._speakers)
        {
            if (backward.SpeakerOf(utterance) is not { } other)
                throw forward._lines.Error(utterance, $"utterance '{utterance}' is not in {backward.FilePath}.");
            if (other != speaker)
                throw forward._lines.Error(utterance, $"'{utterance}' has the speaker '{speaker}', but {backward.FilePath} has '{other}'.");
        }

        backward.RequireUtterancesIn(forward._speakers.ContainsKey, forward.FilePath);
        return forward;
    }

    public string? SpeakerOf(string utterance) => _speakers.GetValueOrDefault(utterance);

    public void RequireUtterancesIn(Func<string, bool> known, string file)
    {
        foreach (var (utterance, speaker) in _speakers)
        {
            if (!known(utterance))
                throw _lines.Error(_bySpeaker ? speaker : utterance, $"utterance '{utterance}' is not in {file}.");
        }
    }
}
