using System.Buffers.Binary;
using System.Text;
using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Core.Tensors;

namespace Mimir.Core.Tests.Models;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void SafeTensors_written_and_read_are_the_same()
    {
        var path = Path.Combine(_folder, "x.safetensors");
        var tensors = new Dictionary<string, HostTensor>
        {
            ["a"] = new([2, 3], [1, 2, 3, 4, 5, float.Epsilon]),
            ["b \"q\""] = new([], [7]),
            ["none"] = new([0, 4], []),
        };

        using (var file = File.Create(path))
            SafeTensors.Write(file, tensors, new Dictionary<string, string> { ["epoch"] = "3" });

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
}
