using Mimir.Base.Options;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstisstochastic: tells whether the ways out of every state sum to 1, and prints how far they do not.</summary>
internal sealed class FstisstochasticTool()
    : KaldiTool<FstisstochasticTool.Options>(
        "fstisstochastic",
        "Checks whether an FST is stochastic and exits with success if so. Prints out maximum error (in log units).",
        "[<in.fst>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Maximum error to accept.</summary>
        [Option("delta")]
        public float Delta { get; init; } = 0.01f;

        /// <summary>Test in the log semiring.</summary>
        [Option("test-in-log")]
        public bool TestInLog { get; init; } = true;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var fst = FstReader.ReadVector(arguments.Count > 0 ? arguments[0] : "-", io);
        var sums = Stochasticity.Check(fst, options.TestInLog);
        using var output = OpenPrinted(io);
        output.WriteLine($"{KaldiLog.Number(sums.Minimum)} {KaldiLog.Number(sums.Maximum)}");
        return sums.LargestError <= options.Delta;
    }
}
