using System.Buffers.Binary;
using System.Text;
using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Models;

public sealed class ModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void SafeTensors_written_and_read_are_the_same()
    {
        var path = Path.Combine(_folder, "x.safetensors");
        var tensors = new Dictionary<string, HostTensor> { ["a"] = new([2, 3], [1, 2, 3, 4, 5, float.Epsilon]), ["b \"q\""] = new([], [7]), ["none"] = new([0, 4], []) };

        SafeTensors.Write(path, tensors, new Dictionary<string, string> { ["epoch"] = "3" });

        var again = SafeTensors.Read(path);
        Assert.Equal(tensors.Keys, again.Keys);
        Assert.All(tensors.Keys, name => Assert.Equal(tensors[name].Values, again[name].Values));
        Assert.All(tensors.Keys, name => Assert.Equal(tensors[name].Shape, again[name].Shape));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"I8","shape":[8],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"a":""")]
    public void Read_of_a_damaged_header_is_a_format_error_that_names_the_file(string header)
    {
        var bytes = new byte[8 + header.Length + 8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(bytes, 8);
        var path = Path.Combine(_folder, "damaged");
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<InputException>(() => SafeTensors.Read(path));

        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_every_cut_of_a_file_is_a_format_error()
    {
        using var whole = new MemoryStream();
        SafeTensors.Write(whole, new Dictionary<string, HostTensor> { ["a"] = new([3], [1, 2, 3]) });

        for (var length = 0; length < whole.Length; length++)
        {
            using var cut = new MemoryStream(whole.ToArray(), 0, length);
            Assert.Throws<InputException>(() => SafeTensors.Read(cut, "cut"));
        }
    }

    [Fact]
    public void Load_of_a_saved_model_computes_the_same()
    {
        var path = Path.Combine(_folder, "model");
        using var graph = new LayerGraph(Nnet1Prototype.Dnn(5, 2, 9, 4), Device.Cpu);
        using var table = Some.Table(5, ElementType.Real32, 12);
        graph.Initialise(1);
        ModelFolder.Save(path, graph);
        graph.Initialise(2);

        // A second time, over the first: replacing is one step too.
        ModelFolder.Save(path, graph, new Dictionary<string, Action<Stream>> { ["history.json"] = stream => stream.WriteByte((byte)'{') });

        using var again = ModelFolder.Load(path, Device.Cpu);
        Assert.Equal(graph.Posteriors(table, Some.Rows(12)).ToArray(), again.Posteriors(table, Some.Rows(12)).ToArray());
        Assert.Contains("history.json", CheckedFolder.Open(path).Keys);
        Assert.Single(Directory.GetDirectories(_folder));
    }

    [Fact]
    public void Load_of_a_damaged_model_names_the_file()
    {
        var path = Path.Combine(_folder, "model");
        using var graph = new LayerGraph(Nnet1Prototype.Dnn(5, 1, 9, 4), Device.Cpu);
        ModelFolder.Save(path, graph);
        var weights = Path.Combine(path, ModelFolder.WeightsFile);
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);

        var error = Assert.Throws<InputException>(() => ModelFolder.Load(path, Device.Cpu));

        Assert.StartsWith(weights, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_that_fails_leaves_the_old_folder_whole()
    {
        var path = Path.Combine(_folder, "model");
        using var graph = new LayerGraph(Nnet1Prototype.Dnn(5, 1, 9, 4), Device.Cpu);
        ModelFolder.Save(path, graph);

        Assert.Throws<IOException>(() => ModelFolder.Save(
            path, graph, new Dictionary<string, Action<Stream>> { ["more"] = _ => throw new IOException("No space left on device") }));

        ModelFolder.Load(path, Device.Cpu).Dispose();
        Assert.Single(Directory.GetDirectories(_folder));
    }

    [Fact]
    public void Load_of_no_model_says_what_is_missing()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ModelFolder.Load(_folder, Device.Cpu));

        Assert.Contains(CheckedFolder.Manifest, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1320, 3, 512, 128, 0.033383f, 0.154680f, 0.195656f)]
    [InlineData(440, 4, 1024, 512, 0.037344f, 0.109375f, 0.126295f)]
    public void Dnn_has_the_numbers_of_Kaldis_prototype(int input, int layers, int hidden, int output, float first, float middle, float last)
    {
        AffineSpec[] affine = [.. Nnet1Prototype.Dnn(input, layers, hidden, output).Nodes.Select(node => node.Block).OfType<AffineSpec>()];

        Assert.Equal(layers + 1, affine.Length);
        Assert.Equal(first, affine[0].ParamStddev, 1e-6f);
        Assert.Equal(middle, affine[1].ParamStddev, 1e-6f);
        Assert.Equal(last, affine[^1].ParamStddev, 1e-6f);
        Assert.Equal((-2, 4, 1, 1), (affine[0].BiasMean, affine[0].BiasRange, affine[0].LearnRateCoef, affine[0].BiasLearnRateCoef));
        Assert.Equal((0, 0, 1, 0.1f), (affine[^1].BiasMean, affine[^1].BiasRange, affine[^1].LearnRateCoef, affine[^1].BiasLearnRateCoef));
    }
}
