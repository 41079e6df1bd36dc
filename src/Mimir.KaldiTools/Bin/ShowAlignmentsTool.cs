using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>show-alignments: prints transition-ids phone by phone, above the names of the phones.</summary>
internal sealed class ShowAlignmentsTool()
    : KaldiTool<NoOptions>("show-alignments", "Display alignments in human-readable form", "<phone-syms> <model> <alignments-rspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[1], io);
        var names = SymbolNames.Read(arguments[0], io);
        using var printed = OpenPrinted(io);
        foreach (var (key, transitions) in KaldiTables.IntVector.Read(arguments[2], io))
        {
            Posteriors.Check(model, key, transitions);
            List<string> ids = [];
            List<string> phones = [];
            var first = 0;
            foreach (var segment in PhoneSegment.Split(transitions, model))
            {
                var text = $"[ {string.Join(' ', transitions.AsSpan(first, segment.Frames).ToArray())} ] ";
                var name = names.Of(segment.Phone) + " ";
                ids.Add(text.PadRight(name.Length));
                phones.Add(name.PadRight(text.Length));
                first += segment.Frames;
            }

            printed.WriteLine($"{key}  {string.Concat(ids)}");
            printed.WriteLine($"{key}  {string.Concat(phones)}");
            printed.WriteLine();
        }

        return true;
    }
}
