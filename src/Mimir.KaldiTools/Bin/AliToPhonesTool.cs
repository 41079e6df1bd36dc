using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>ali-to-phones: writes the phones of alignments, by phone or by frame, with lengths or times.</summary>
internal sealed class AliToPhonesTool()
    : KaldiTool<AliToPhonesTool.Options>(
        "ali-to-phones",
        "Convert model-level alignments to phone-sequences (in integer, not text, form)",
        "<model> <alignments-rspecifier> (<phone-transcript-wspecifier>|<ctm-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write lines of a CTM file, without confidences.</summary>
        [Option("ctm-output")]
        public bool Ctm { get; init; }

        /// <summary>Step from frame to frame in seconds, for the times of a CTM file.</summary>
        [Option("frame-shift", Needs = "ctm-output")]
        public float FrameShift { get; init; } = 0.01f;

        /// <summary>Write the phone of every frame instead of every phone once.</summary>
        [Option("per-frame")]
        public bool PerFrame { get; init; }

        /// <summary>Write pairs of a phone and its frames.</summary>
        [Option("write-lengths")]
        public bool WriteLengths { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options is { PerFrame: true, WriteLengths: true })
            throw new InputException("--per-frame and --write-lengths exclude each other.");

        var model = TransitionModel.Read(arguments[0], io);
        var done = 0;
        IEnumerable<KeyValuePair<string, IReadOnlyList<PhoneSegment>>> Read()
        {
            foreach (var (key, transitions) in KaldiTables.IntVector.Read(arguments[1], io))
            {
                Posteriors.Check(model, key, transitions);
                done++;
                yield return new(key, PhoneSegment.Split(transitions, model));
            }
        }

        if (options.Ctm)
        {
            KaldiOutput.WriteOne(arguments[2], false, writer => WriteTimes(writer, Read(), options.FrameShift), io);
        }
        else if (options.WriteLengths)
        {
            KaldiTables.IntPairVector.Map(
                Read(), arguments[2], io, (_, phones) => phones.Select(phone => (phone.Phone, phone.Frames)).ToArray());
        }
        else
        {
            KaldiTables.IntVector.Map(Read(), arguments[2], io, (_, phones) =>
                phones.SelectMany(phone => Enumerable.Repeat(phone.Phone, options.PerFrame ? phone.Frames : 1)).ToArray());
        }

        log.Log($"Done {done} utterances.");
        return true;
    }

    // Kaldi adds times in single precision. A shift of 0.01 as a float is a little below a hundredth, and so has three digits.
    private static void WriteTimes(
        KaldiWriter writer, IEnumerable<KeyValuePair<string, IReadOnlyList<PhoneSegment>>> utterances, float frameShift)
    {
        var digits = frameShift >= 0.01 ? "F2" : "F3";
        foreach (var (key, phones) in utterances)
        {
            var start = 0f;
            foreach (var phone in phones)
            {
                var length = frameShift * phone.Frames;
                writer.WriteText($"{key} 1 {Text(start)} {Text(length)} {phone.Phone}\n");
                start += length;
            }
        }

        string Text(float seconds) => ((double)seconds).ToString(digits, CultureInfo.InvariantCulture);
    }
}
