using System.Numerics.Tensors;
using Mimir.Base.Options;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-vector: copies vectors, with an optional scale or length.</summary>
internal sealed class CopyVectorTool()
    : KaldiTool<CopyVectorTool.Options>(
        "copy-vector",
        "Copy vectors, or archives of vectors (e.g. transition-accs; speaker vectors)",
        "(<vector-in-rspecifier>|<vector-in-rxfilename>) (<vector-out-wspecifier>|<vector-out-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Truncate or zero-pad the vectors to this many values; below 0 keeps their length.</summary>
        [Option("change-dim")]
        public int Dimension { get; init; } = -1;

        /// <summary>Factor of all values.</summary>
        [Option("scale")]
        public float Scale { get; init; } = 1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var vector = Map(KaldiTables.FloatVector.ReadOne(arguments[0], io), options);
            KaldiTables.FloatVector.WriteOne(arguments[1], vector, options.Binary, io);
            log.Log($"Copied vector to {arguments[1]}");
            return true;
        }

        var (done, _) = KaldiTables.FloatVector.Map(
            KaldiTables.FloatVector.Read(arguments[0], io), arguments[1], io, (_, vector) => Map(vector, options));
        log.Log(options.Dimension < 0 && options.Scale == 1
            ? $"Copied {done} vectors."
            : $"Copied {done} vectors, setting dim to {options.Dimension} scaled by {KaldiLog.Number(options.Scale)}");
        return done != 0;
    }

    private static float[] Map(float[] vector, Options options)
    {
        if (options.Dimension >= 0)
            Array.Resize(ref vector, options.Dimension);
        if (options.Scale != 1)
            TensorPrimitives.Multiply<float>(vector, options.Scale, vector);

        return vector;
    }
}
