using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1.Prototypes;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-initialize: makes a network of random parameters from a prototype.</summary>
internal sealed class NnetInitializeTool()
    : KaldiTool<NnetInitializeTool.Options>(
        "nnet-initialize",
        "Initialize Neural Network parameters according to a prototype (nnet1).",
        "<nnet-prototype-in> <nnet-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Seed of the random numbers.</summary>
        [Option("seed")]
        public int Seed { get; init; } = 777;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        NetworkFiles.Write(NnetPrototype.Initialise(arguments[0], options.Seed, io).Components, arguments[1], options.Binary, io);
        log.Log($"Written initialized model to {arguments[1]}");
        return true;
    }
}
