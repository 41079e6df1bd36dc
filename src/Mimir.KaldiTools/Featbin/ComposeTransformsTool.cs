using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>compose-transforms: makes the transform that applies one transform after another.</summary>
internal sealed class ComposeTransformsTool()
    : KaldiTool<ComposeTransformsTool.Options>(
        "compose-transforms",
        "Compose (affine or linear) feature transforms: A B, where B is the one that is applied to the features first.",
        "(<transform-A-rspecifier>|<transform-A-rxfilename>) (<transform-B-rspecifier>|<transform-B-rxfilename>) "
            + "(<transform-out-wspecifier>|<transform-out-wxfilename>)")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Table of the speaker of each utterance, where A is by utterance and B by speaker.</summary>
        [Option("utt2spk")]
        public string Utt2Spk { get; init; } = "";

        /// <summary>The last column of B is an offset.</summary>
        [Option("b-is-affine")]
        public bool FirstIsAffine { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (second, first, output) = (arguments[0], arguments[1], arguments[2]);
        var tables = Rspecifier.IsTable(second) || Rspecifier.IsTable(first);
        if (tables != Wspecifier.IsTable(output))
            throw new InputException($"'{output}': expected {(tables ? "a table, as a transform is" : "a file, as the transforms are")}.");
        if (options.Utt2Spk.Length > 0 && !(Rspecifier.IsTable(second) && Rspecifier.IsTable(first)))
            throw new InputException("option --utt2spk is for two tables of transforms; one of these is global.");

        if (!tables)
        {
            var composed = Compose(KaldiTables.Matrix.ReadOne(second, io), KaldiTables.Matrix.ReadOne(first, io));
            KaldiTables.Matrix.WriteOne(output, composed, options.Binary, io);
            return true;
        }

        if (!Rspecifier.IsTable(second))
        {
            var global = KaldiTables.Matrix.ReadOne(second, io);
            return TableLoops.MapMatrices(first, output, io, (_, matrix) => Compose(global, matrix)).Done != 0;
        }

        if (!Rspecifier.IsTable(first))
        {
            var global = KaldiTables.Matrix.ReadOne(first, io);
            return TableLoops.MapMatrices(second, output, io, (_, matrix) => Compose(matrix, global)).Done != 0;
        }

        using var others = KaldiTables.Matrix.OpenMapped(first, options.Utt2Spk, io);
        return TableLoops.MapMatrices(second, output, io, (key, matrix) =>
        {
            if (others.TryGet(key, out var other))
                return Compose(matrix, other);

            log.Warning($"Second table does not have key {key}");
            return null;
        }).Done != 0;

        FloatMatrix Compose(FloatMatrix last, FloatMatrix before) =>
            TransformComposition.Compose(last, before, options.FirstIsAffine);
    }
}
