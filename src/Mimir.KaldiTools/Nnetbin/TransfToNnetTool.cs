using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>transf-to-nnet: a matrix as a network of one linear transform.</summary>
internal sealed class TransfToNnetTool : KaldiTool
{
    private bool _binary;

    /// <summary>Creates the program.</summary>
    public TransfToNnetTool()
        : base("transf-to-nnet", "Convert transformation matrix to <LinearTransform>.", "<transf-in> <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", false, "Write output in binary mode", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        LinearTransform transform;
        using (var reader = KaldiReader.Open(arguments[0], io))
        {
            var matrix = reader.ReadMatrix(reader.ReadBinaryMarker());
            if (matrix.Data.Length == 0 || !Array.TrueForAll(matrix.Data, float.IsFinite))
                throw reader.Error($"expected a matrix of finite values, got {matrix.Rows} x {matrix.Columns}.");

            transform = new(matrix);
        }

        NnetOutput.Write(new Nnet1File([transform]), arguments[1], _binary, io);
        log.Log($"Written transform in 'nnet1' model: {arguments[1]}");
        return true;
    }
}
