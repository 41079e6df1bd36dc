using Mimir.Base;
using Mimir.Core.Runtime;

namespace Mimir.Core.Tests.Runtime;

public sealed class TorchFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-torch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_takes_the_package_by_the_program()
    {
        var program = With("program", "libLibTorchSharp.so", "libtorch_cpu.so", "libc10.so", "libgomp-98.so.1", "libtorch.so");

        var files = TorchFiles.Find(null, [With("empty"), program]);

        Assert.Equal((program, TorchFiles.WantedVersion, false), (files.Folder, files.Version, files.HasCuda));
        Assert.Equal(
            ["libgomp-98.so.1", "libc10.so", "libtorch_cpu.so", "libtorch.so"], files.Libraries.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("version.py", "__version__ = '2.10.1+cu128'\n", "2.10.1")]
    [InlineData("build-version", "2.10.0+cpu", "2.10.0")]
    public void Find_takes_the_named_libtorch_of_the_same_minor_version(string file, string text, string version)
    {
        var program = With("program", "libLibTorchSharp.so", "libtorch_cpu.so");
        var lib = With("torch/lib", "libtorch_cpu.so", "libtorch_cuda.so", "libc10.so");
        File.WriteAllText(Path.Combine(_folder, "torch", file), text);

        var files = TorchFiles.Find(Path.Combine(_folder, "torch"), [program]);

        Assert.Equal((lib, version, true), (files.Folder, files.Version, files.HasCuda));
        Assert.Equal(Path.Combine(program, "libLibTorchSharp.so"), files.Bridge);
    }

    [Theory]
    [InlineData("version.py", "__version__ = '2.9.1'", "expected libtorch 2.10, got 2.9.1")]
    [InlineData("readme", "2.10.0", "the version of libtorch is unknown")]
    public void Find_refuses_a_named_libtorch_of_another_version(string file, string text, string problem)
    {
        var program = With("program", "libLibTorchSharp.so", "libtorch_cpu.so");
        With("torch/lib", "libtorch_cpu.so");
        File.WriteAllText(Path.Combine(_folder, "torch", file), text);

        var error = Assert.Throws<InputException>(() => TorchFiles.Find(Path.Combine(_folder, "torch"), [program]));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains(TorchRuntime.FolderVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_names_the_folders_where_libtorch_is_not()
    {
        var program = With("program", "libLibTorchSharp.so");

        var error = Assert.Throws<InputException>(() => TorchFiles.Find(null, [program]));

        Assert.Contains(program, error.Message, StringComparison.Ordinal);
    }

    private string With(string folder, params string[] files)
    {
        var path = Path.Combine(_folder, folder);
        Directory.CreateDirectory(path);
        foreach (var file in files)
            File.WriteAllText(Path.Combine(path, file), "");
        return path;
    }
}
