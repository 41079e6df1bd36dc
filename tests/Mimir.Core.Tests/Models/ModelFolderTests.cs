using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_of_a_saved_model_computes_the_same()
    {
        var path = Path.Combine(_folder, "model");
        using var graph = new LayerGraph(Nnet1Prototype.Dnn(5, 2, 9, 4), Device.Cpu);
        using var table = Some.Table(5, ScalarType.Float32, 12);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_over_files_of_somebody_else_is_refused_and_removes_nothing(bool hasModel)
    {
        var place = Path.Combine(_folder, "model");
        Directory.CreateDirectory(place);
        if (hasModel)
            CheckedFolder.Write(place, new Dictionary<string, Action<Stream>> { ["a"] = stream => stream.WriteByte(1) });
        File.WriteAllText(Path.Combine(place, "final.nnet"), "mine");

        var error = Assert.Throws<IOException>(
            () => CheckedFolder.Write(place, new Dictionary<string, Action<Stream>> { ["a"] = stream => stream.WriteByte(2) }));
        CheckedFolder.Remove(place);

        Assert.Contains("(final.nnet)", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(place, "final.nnet")], Directory.GetFileSystemEntries(place));
    }

    [Fact]
    public void Load_of_no_model_names_the_missing_file()
    {
        var error = Assert.Throws<FileNotFoundException>(() => ModelFolder.Load(_folder, Device.Cpu));

        Assert.Contains(CheckedFolder.Manifest, error.Message, StringComparison.Ordinal);
    }
}
