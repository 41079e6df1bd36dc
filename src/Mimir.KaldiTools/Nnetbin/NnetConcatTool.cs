using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-concat: networks behind one another, as one.</summary>
internal sealed class NnetConcatTool : KaldiTool
{
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public NnetConcatTool()
        : base(
            "nnet-concat",
            "Concatenate Neural Networks (and possibly change binary/text format); networks in the order of the data.",
            "<nnet-in1> <nnet-in2> ... <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var components = new List<NnetComponent>();
        foreach (var source in arguments.SkipLast(1))
        {
            log.Log($"{(components.Count == 0 ? "Reading" : "Concatenating")} {source}");
            components.AddRange(Nnet1File.Read(source, io).Components);
        }

        NnetOutput.Write(new Nnet1File(components), arguments[^1], _binary, io);
        log.Log($"Written model to {arguments[^1]}");
        return true;
    }
}
