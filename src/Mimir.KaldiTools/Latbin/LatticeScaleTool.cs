using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-scale: scales the costs of lattices.</summary>
internal sealed class LatticeScaleTool()
    : KaldiTool<LatticeScaleTool.Options>(
        "lattice-scale", "Apply scaling to lattice weights", "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : InverseScaleOptions
    {
        /// <summary>Write word lattices; otherwise lattices of transition-ids.</summary>
        [Option("write-compact")]
        public bool WriteCompact { get; init; } = true;

        /// <summary>Add this times the original acoustic costs to the graph costs.</summary>
        [Option("acoustic2lm-scale")]
        public float AcousticToGraph { get; init; }

        /// <summary>Add this times the original graph costs to the acoustic costs.</summary>
        [Option("lm2acoustic-scale")]
        public float GraphToAcoustic { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var scale = options.Scale with { AcousticToGraph = options.AcousticToGraph, GraphToAcoustic = options.GraphToAcoustic };
        var done = options.WriteCompact
            ? WordLattice.Table.Map(WordLattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => lattice.Scale(scale)).Done
            : Lattice.Table.Map(Lattice.Table.Read(arguments[0], io), arguments[1], io, (_, lattice) => lattice.Scale(scale)).Done;
        log.Log($"Done {done} lattices.");
        return done != 0;
    }
}
