using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-info: prints the topology of a network and the moments of its parameters.</summary>
internal sealed class NnetInfoTool()
    : KaldiTool<NoOptions>(
        "nnet-info",
        "Print human-readable information about the neural network (nnet1).",
        "<nnet-in>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var network = Nnet1File.Read(arguments[0], io);
        using (var output = OpenPrinted(io))
            output.Write(Nnet1Info.Describe(network));

        log.Log($"Printed info about {arguments[0]}");
        return true;
    }
}
