using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>transf-to-nnet: turns a matrix into a network of one linear transform.</summary>
internal sealed class TransfToNnetTool()
    : KaldiTool<TransfToNnetTool.Options>(
        "transf-to-nnet",
        "Convert transformation matrix to <LinearTransform>.",
        "<transf-in> <nnet-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write the network in binary.</summary>
        [Option("binary")]
        public bool Binary { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var matrix = KaldiReader.ReadFile(arguments[0], io, (reader, binary) =>
        {
            var read = reader.ReadMatrix(binary);
            return read.Data.Length > 0 && Array.TrueForAll(read.Data, float.IsFinite)
                ? read
                : throw reader.Error($"expected a matrix of finite values, got {read.Rows} x {read.Columns}.");
        });
        NetworkFiles.Write([new LinearTransform(matrix)], arguments[1], options.Binary, io);
        log.Log($"Written transform in 'nnet1' model: {arguments[1]}");
        return true;
    }
}
