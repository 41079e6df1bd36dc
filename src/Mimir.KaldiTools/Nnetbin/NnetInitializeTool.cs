using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-initialize: a network of random parameters from a prototype.</summary>
internal sealed class NnetInitializeTool : KaldiTool
{
    private bool _binary = true;
    private int _seed = 777;

    /// <summary>Creates the program.</summary>
    public NnetInitializeTool()
        : base(
            "nnet-initialize",
            "Initialize Neural Network parameters according to a prototype (nnet1).",
            "<nnet-prototype-in> <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);
        parser.AddInt("seed", 777, "Seed for random number generator", v => _seed = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        NnetOutput.Write(NnetPrototype.Initialise(arguments[0], _seed, io), arguments[1], _binary, io);
        log.Log($"Written initialized model to {arguments[1]}");
        return true;
    }
}
