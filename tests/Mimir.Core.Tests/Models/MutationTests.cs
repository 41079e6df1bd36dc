using System.Text;
using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Xunit.Abstractions;

namespace Mimir.Core.Tests.Models;

/// <summary>Damaged model files give values or a message, and nothing worse.</summary>
public sealed class MutationTests(ITestOutputHelper console) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_of_mutated_safetensors_gives_values_or_a_message()
    {
        using var whole = new MemoryStream();
        SafeTensors.Write(
            whole,
            new Dictionary<string, HostTensor> { ["a"] = new([2, 3], [1, 2, 3, 4, 5, 6]), ["b"] = new([4], [7, 8, 9, 10]) },
            new Dictionary<string, string> { ["epoch"] = "3" });

        Try("safetensors", whole.ToArray(), path => SafeTensors.Read(path));
    }

    [Fact]
    public void Read_of_a_mutated_graph_gives_a_graph_or_a_message() => Try(
        "graph.json",
        Encoding.UTF8.GetBytes(Nnet1Prototype.Dnn(5, 2, 9, 4).ToJson()),
        path => GraphSpec.FromJson(File.ReadAllText(path), path));

    [Fact]
    public void Read_of_a_block_without_its_type_is_a_format_error()
    {
        var json = Nnet1Prototype.Dnn(5, 2, 9, 4).ToJson();
        var at = json.IndexOf("\"type\"", StringComparison.Ordinal);
        Assert.True(at > 0);

        var error = Assert.Throws<InputException>(
            () => GraphSpec.FromJson(json.Remove(at, json.IndexOf(',', at) + 1 - at), "graph.json"));

        Assert.StartsWith("graph.json: expected a graph", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CheckedFolder.Manifest)]
    [InlineData(ModelFolder.GraphFile)]
    [InlineData(ModelFolder.WeightsFile)]
    public void Open_of_a_folder_with_a_mutated_file_gives_a_message(string name)
    {
        var model = Path.Combine(_folder, "model");
        using (var graph = new LayerGraph(Nnet1Prototype.Dnn(5, 2, 9, 4), Device.Cpu))
            ModelFolder.Save(model, graph);

        // A fault of the manifest shows in the files that it names.
        var report = Fuzzer.Run(
            $"model folder {name}",
            File.ReadAllBytes(Path.Combine(model, name)),
            path =>
            {
                File.Copy(path, Path.Combine(model, name), overwrite: true);
                CheckedFolder.Open(model);
            },
            name,
            needsPlace: false,
            needsFile: false);

        console.WriteLine($"{report}");
    }

    private void Try(string format, byte[] whole, Action<string> read) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, needsPlace: false)}");
}
