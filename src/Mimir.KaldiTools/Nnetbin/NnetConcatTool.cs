using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-concat: concatenates networks.</summary>
internal sealed class NnetConcatTool()
    : KaldiTool<BinaryOptions>(
        "nnet-concat",
        "Concatenate Neural Networks (and possibly change binary/text format); networks in the order of the data.",
        "<nnet-in1> <nnet-in2> ... <nnet-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var components = new List<NnetComponent>();
        foreach (var source in arguments.SkipLast(1))
        {
            log.Log($"{(components.Count == 0 ? "Reading" : "Concatenating")} {source}");
            components.AddRange(Nnet1File.Read(source, io).Components);
        }

        NetworkFiles.Write(components, arguments[^1], options.Binary, io);
        log.Log($"Written model to {arguments[^1]}");
        return true;
    }
}
