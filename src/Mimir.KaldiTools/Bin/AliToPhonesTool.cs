using System.Globalization;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>ali-to-phones: the phones of alignments, by phone or by frame, with lengths or times.</summary>
internal sealed class AliToPhonesTool()
    : KaldiTool(
        "ali-to-phones",
        "Convert model-level alignments to phone-sequences (in integer, not text, form)",
        "<model> <alignments-rspecifier> (<phone-transcript-wspecifier>|<ctm-wxfilename>)")
{
    private bool _perFrame;
    private bool _writeLengths;
    private bool _ctm;
    private float _frameShift = 0.01f;

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool(
            "ctm-output", false, "If true, output the alignments in ctm format (the confidences will be set to 1)", v => _ctm = v);
        parser.AddFloat("frame-shift", 0.01f, "frame shift used to control the times of the ctm output", v => _frameShift = v);
        parser.AddBool(
            "per-frame", false, "If true, write out the frame-level phone alignment (else phone sequence)", v => _perFrame = v);
        parser.AddBool(
            "write-lengths", false, "If true, write the #frames for each phone (different format)", v => _writeLengths = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (_perFrame && _writeLengths)
            throw new ArgumentException("--per-frame and --write-lengths exclude each other.");

        var model = TransitionModel.Read(arguments[0], io);
        var done = 0;
        IEnumerable<(string Key, IReadOnlyList<PhoneSegment> Phones)> Read()
        {
            foreach (var (key, transitions) in KaldiTables.IntVector.Read(arguments[1], io))
            {
                AlignmentRules.Check(model, key, transitions);
                done++;
                yield return (key, PhoneSegment.Split(transitions, model));
            }
        }

        if (_ctm)
            KaldiOutput.WriteOne(arguments[2], false, writer => WriteTimes(writer, Read()), io);
        else if (_writeLengths)
            WriteLengths(arguments[2], Read(), io);
        else
            WritePhones(arguments[2], Read(), io);

        log.Log($"Done {done} utterances.");
        return true;
    }

    // Times add up in single precision, as Kaldi's; 0.01 itself is a little below a hundredth, and so has three digits.
    private void WriteTimes(KaldiWriter writer, IEnumerable<(string Key, IReadOnlyList<PhoneSegment> Phones)> utterances)
    {
        var digits = _frameShift >= 0.01 ? "F2" : "F3";
        foreach (var (key, phones) in utterances)
        {
            var start = 0f;
            foreach (var phone in phones)
            {
                var length = _frameShift * phone.Frames;
                writer.WriteText($"{key} 1 {Text(start)} {Text(length)} {phone.Phone}\n");
                start += length;
            }
        }

        string Text(float seconds) => ((double)seconds).ToString(digits, CultureInfo.InvariantCulture);
    }

    private static void WriteLengths(
        string wspecifier, IEnumerable<(string Key, IReadOnlyList<PhoneSegment> Phones)> utterances, KaldiIoOptions io)
    {
        using var output = KaldiTables.IntPairVector.Create(wspecifier, io);
        output.Fill(() =>
        {
            foreach (var (key, phones) in utterances)
                output.Write(key, [.. phones.Select(phone => (phone.Phone, phone.Frames))]);
        });
    }

    private void WritePhones(
        string wspecifier, IEnumerable<(string Key, IReadOnlyList<PhoneSegment> Phones)> utterances, KaldiIoOptions io)
    {
        using var output = KaldiTables.IntVector.Create(wspecifier, io);
        output.Fill(() =>
        {
            foreach (var (key, phones) in utterances)
            {
                output.Write(key, _perFrame
                    ? [.. phones.SelectMany(phone => Enumerable.Repeat(phone.Phone, phone.Frames))]
                    : [.. phones.Select(phone => phone.Phone)]);
            }
        });
    }
}
