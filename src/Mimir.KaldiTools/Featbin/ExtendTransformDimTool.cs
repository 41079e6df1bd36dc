using Mimir.Base.Options;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>extend-transform-dim: widens transforms by dimensions that stay as they are.</summary>
internal sealed class ExtendTransformDimTool()
    : KaldiTool<ExtendTransformDimTool.Options>(
        "extend-transform-dim",
        "Read in transform from dimension d -> d (affine or linear), and output a transform from dimension e -> e (with e >= d)",
        "(<transform-rspecifier>|<transform-rxfilename>) (<transform-out-wspecifier>|<transform-out-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Number of dimensions of the result.</summary>
        [Option("new-dimension", Required = true)]
        public int Dimension { get; init; } = -1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var counts = TableLoops.MapMatrices(
                arguments[0], arguments[1], io, (_, matrix) => TransformComposition.Extend(matrix, options.Dimension));
            log.Log($"Increased transform dim to {options.Dimension} for {counts.Done} matrices.");
            return counts.Done != 0;
        }

        var transform = KaldiTables.Matrix.ReadOne(arguments[0], io);
        KaldiTables.Matrix.WriteOne(arguments[1], TransformComposition.Extend(transform, options.Dimension), options.Binary, io);
        log.Log($"Increased transform dim from {transform.Rows} to {options.Dimension} and wrote to {arguments[1]}");
        return true;
    }
}
