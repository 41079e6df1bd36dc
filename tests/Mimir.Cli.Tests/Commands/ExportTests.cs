using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

/// <summary>Models leave for Kaldi and ONNX and come back by the commands; what cannot be done is told in one line.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Network =
        "<Nnet> <Splice> 4 2 [ 0 1 ] <AffineTransform> 2 4 [ 1 2 3 4 ; 5 6 7 8 ] [ 1 2 ] <Sigmoid> 2 2 "
        + "<AffineTransform> 2 2 [ 1 2 ; 3 4 ] [ 0 0 ] <Softmax> 2 2 </Nnet>";

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Network_becomes_a_model_folder_and_files_of_Kaldis_and_ONNX()
    {
        Write("n.nnet", Network);
        Write("counts", " [ 1 3 ]\n");

        (await RunAsync("import", "n.nnet", "--output", "new/model", "--counts", "counts")).Succeeded();
        var kaldi = (await RunAsync("export", "new/model", "--format", "kaldi-nnet1", "--text", "--output", "dir/")).Succeeded();
        var onnx = (await RunAsync("export", "new/model", "--format", "onnx", "--output", "m.onnx")).Succeeded();

        Assert.Equal(
            ["dir/final.feature_transform", "dir/ali_train_pdf.counts", "dir/final.nnet"],
            kaldi.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(
            "<Nnet> \n<AffineTransform> 2 4 \n<LearnRateCoef> 1 ", File.ReadAllText(At("dir/final.nnet")), StringComparison.Ordinal);
        Assert.Equal("m.onnx\n", onnx.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("export", "nowhere --format onnx --output m", "nowhere")]
    [InlineData("export", "bad.nnet --format onnx --output m", "bad.nnet: byte ")]
    [InlineData("export", "pool.nnet --format onnx --output m", "<MaxPoolingComponent>, can be read and written here, but not computed")]
    [InlineData("export", "n.nnet --format onnx --text --output m", "one binary file")]
    [InlineData("export", "n.nnet --counts counts --format onnx --output m", "counts: expected counts of 2 classes")]
    [InlineData("export", "n.nnet --format kaldi-nnet1 --output missing/m", "missing/m")]
    [InlineData("export", "bare.nnet --format kaldi-nnet1 --output m --feature-transform t", "there is no feature transform to write")]
    [InlineData("export", ". --format onnx --output m", "expected a model folder")]
    [InlineData("import", "pool.nnet --output m", "<MaxPoolingComponent>, can be read and written here, but not computed")]
    [InlineData("import", "nowhere --output m", "nowhere")]
    [InlineData("import", "n.nnet --output .", "holds files that Mimir has not made")]
    public async Task What_cannot_be_done_is_told_in_one_line_and_leaves_nothing(string command, string arguments, string message)
    {
        Write("n.nnet", Network);
        Write("bad.nnet", Network[..60]);
        Write("pool.nnet", "<Nnet> <MaxPoolingComponent> 4 6 <PoolSize> 2 <PoolStep> 1 <PoolStride> 2 </Nnet>");
        Write("bare.nnet", "<Nnet> <Tanh> 2 2 </Nnet>");
        Write("counts", " [ 1 3 5 ]\n");

        var outcome = await RunAsync([command, .. arguments.Split(' ')]);

        outcome.Refused(message);
        Assert.Equal(5, Directory.EnumerateFileSystemEntries(_folder).Count());
    }

    [Fact]
    public async Task Wrong_command_lines_are_told_and_help_has_examples()
    {
        var format = await RunAsync("export", "m", "--format", "caffe", "--output", "x");
        var nothing = await RunAsync("import", "m");
        var help = await RunAsync("export", "--help");

        Assert.Equal((2, 2, 0), (format.ExitCode, nothing.ExitCode, help.ExitCode));
        Assert.Contains("kaldi-nnet1", format.Errors, StringComparison.Ordinal);
        Assert.Contains("--output", nothing.Errors, StringComparison.Ordinal);
        Assert.Contains("mimir export exp/dnn/model --format onnx --output dnn.onnx", help.Output, StringComparison.Ordinal);
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_folder, arguments);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private string At(string name) => Path.Combine(_folder, name);
}
