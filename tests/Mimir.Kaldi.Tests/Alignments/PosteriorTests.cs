using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Xunit.Abstractions;

namespace Mimir.Kaldi.Tests.Alignments;

public sealed class PosteriorTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Write_reads_back(string kind)
    {
        var path = _folder.At("p");
        using (var writer = Posterior.Table.Create($"{kind},scp:{path},{path}.scp"))
        {
            writer.Write("a", Some());
            writer.Write("none", Posterior.FromPairs([]));
            writer.Write("b", Posterior.FromLabels([7, 0]));
        }

        foreach (var table in new[] { $"ark:{path}", $"scp:{path}.scp" })
        {
            var read = Posterior.Table.Read(table).ToDictionary();

            Assert.Equal(["a", "none", "b"], read.Keys);
            Assert.Equal("1 0.25, 3 0.75 | | 2 -0.125", Text(read["a"]));
            Assert.Equal(0, read["none"].Frames);
            Assert.Equal("7 1 | 0 1", Text(read["b"]));
        }
    }

    [Fact]
    public void Write_in_text_gives_Kaldis_line()
    {
        var path = _folder.At("p");
        using (var writer = Posterior.Table.Create($"ark,t:{path}"))
            writer.Write("a", Some());

        Assert.Equal("a [ 1 0.25 3 0.75 ] [ ] [ 2 -0.125 ] \n", File.ReadAllText(path));
    }

    [Fact]
    public void Write_in_binary_gives_Kaldis_bytes()
    {
        var path = _folder.At("p");
        using (var writer = Posterior.Table.Create($"ark:{path}"))
            writer.Write("a", Posterior.FromPairs([[(258, 0.5f)], []]));

        Assert.Equal(
            "612000420402000000" + "0401000000" + "0402010000" + "040000003F" + "0400000000",
            Convert.ToHexString(File.ReadAllBytes(path)));
    }

    [SharedDataFact]
    public void Write_gives_the_bytes_of_ali_to_post()
    {
        var folder = SharedData.At("goldens/kaldi/exp/tri1");
        var path = _folder.At("p");

        using (var writer = Posterior.Table.Create($"ark:{path}"))
        {
            foreach (var (key, value) in Posterior.Table.Read($"ark:{folder}/ali-to-post.5utts.bin.ark"))
                writer.Write(key, value);
        }

        Assert.Equal(File.ReadAllBytes($"{folder}/ali-to-post.5utts.bin.ark"), File.ReadAllBytes(path));
        Assert.Equal(20, Posterior.Table.Read($"ark:{folder}/ali-to-post.20utts.txt").Count());
    }

    [Fact]
    public void OpenRandom_finds_keys_in_any_order()
    {
        var path = _folder.At("p");
        using (var writer = Posterior.Table.Create($"ark:{path}"))
        {
            writer.Write("a", Some());
            writer.Write("b", Posterior.FromLabels([7, 0]));
        }

        using var table = Posterior.Table.Open($"ark:{path}");

        Assert.True(table.TryGet("b", out var second));
        Assert.True(table.TryGet("a", out var first));
        Assert.False(table.TryGet("c", out _));
        Assert.Equal((3, 2), (first.Frames, second.Frames));
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Read_of_damaged_bytes_gives_values_or_a_message(string kind)
    {
        var whole = _folder.At("whole");
        using (var writer = Posterior.Table.Create($"{kind}:{whole}"))
        {
            writer.Write("a", Some());
            writer.Write("b", Posterior.FromLabels([7, 0]));
        }

        var tried = Fuzzer.Run(
            $"posterior {kind}",
            File.ReadAllBytes(whole),
            path => Assert.All(Posterior.Table.Read($"ark:{path}"), entry => Assert.NotNull(entry.Value)));
        console.WriteLine($"{tried}");
    }

    [Theory]
    [InlineData("a 1 2 3\n", "are these alignments")]
    [InlineData("a [ 1 0.5\nb [ 1 1 ]\n", "expected ']', the line ends here")]
    [InlineData("a [ 1 ] \n", "expected the weight of index 1")]
    [InlineData("a [ 1 nan ] \n", "expected a finite weight of index 1, got NaN")]
    [InlineData("a [ 1.5 1 ] \n", "expected a number, got '1.5'")]
    [InlineData("a [ 1 1", "expected ']', the line ends here")]
    public void Read_of_malformed_text_names_the_place(string text, string expected)
    {
        var path = _folder.Write("post.ark", text);

        var error = Assert.Throws<InputException>(() => Posterior.Table.Read($"ark:{path}").Count());

        Assert.Contains("post.ark: byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_a_count_beyond_the_file_takes_no_memory()
    {
        var path = _folder.Write("post.ark", Convert.FromHexString("6120004204FFFFFF7F" + "0401000000"));

        Assert.Throws<InputException>(() => Posterior.Table.Read($"ark:{path}").Count());
    }

    [Fact]
    public void FromPairs_refuses_weights_that_are_no_numbers() =>
        Assert.Throws<InputException>(() => Posterior.FromPairs([[(1, float.NaN)]]));

    internal static Posterior Some() => Posterior.FromPairs([[(1, 0.25f), (3, 0.75f)], [], [(2, -0.125f)]]);

    internal static string Text(Posterior posterior) => string.Join(" | ", Enumerable.Range(0, posterior.Frames).Select(frame =>
        string.Join(", ", posterior.Indices(frame).ToArray().Zip(
            posterior.Weights(frame).ToArray(), (index, weight) => $"{index} {weight}"))))
        .Replace("|  |", "| |", StringComparison.Ordinal);
}
