using System.IO.Compression;
using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>What options of table specifiers do, and what names of files may be.</summary>
public sealed class TableOptionTests : IDisposable
{
    private static readonly KaldiIoOptions Pipes = new() { AllowPipes = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("scp")]
    [InlineData("scp,t")]
    [InlineData("t,scp,p")]
    public void Write_to_a_script_puts_each_value_into_its_own_file(string kind)
    {
        var script = _folder.Write("s", $"a {_folder.At("x.mat")}\nb {_folder.At("y.mat")}\n");

        using (var writer = KaldiTables.FloatVector.Create($"{kind}:{script}"))
        {
            writer.Write("b", [2]);
            writer.Write("a", [1]);
        }

        Assert.Equal([1f], KaldiTables.FloatVector.ReadOne(_folder.At("x.mat")));
        Assert.Equal(["a", "b"], KaldiTables.FloatVector.Read($"scp:{script}").Select(entry => entry.Key));
        Assert.Equal(kind != "scp", File.ReadAllText(_folder.At("y.mat")) == " [ 2 ]\n");
    }

    [Fact]
    public void Write_of_a_key_that_the_script_lacks_is_an_error_unless_permitted()
    {
        var script = _folder.Write("s", $"a {_folder.At("x.mat")}\n");
        using var strict = KaldiTables.FloatVector.Create($"scp:{script}");
        using var permissive = KaldiTables.FloatVector.Create($"scp,p:{script}");

        permissive.Write("b", [1]);
        var failure = Assert.Throws<InputException>(() => strict.Write("b", [1]));

        Assert.Contains($"{script}: expected a line for 'b'", failure.Message, StringComparison.Ordinal);
        Assert.Equal([script], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Write_to_a_name_that_ends_in_gz_compresses_and_reads_back()
    {
        var path = _folder.At("v.ark.gz");

        using (var writer = KaldiTables.FloatVector.Create($"ark:{path}"))
            writer.Write("a", new float[10_000]);

        using var zip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        Assert.Equal('a', zip.ReadByte());
        Assert.InRange(new FileInfo(path).Length, 1, 1000);
        Assert.Equal(10_000, KaldiTables.FloatVector.Read($"ark:{path}").Single().Value.Length);
    }

    [Theory]
    [InlineData("ark,scp:{0}/x.gz,{0}/x.scp", "plain file")]
    [InlineData("ark,scp:-,{0}/x.scp", "plain file")]
    [InlineData("ark:scp:{0}/x", "is a table")]
    [InlineData("ark:{0}/x:12", "whole files")]
    [InlineData("ark:cat {0}/x |", "reads from a command")]
    [InlineData("ark:| cat", "not allowed")]
    public void Write_to_a_name_that_cannot_be_read_back_is_refused(string wspecifier, string message)
    {
        var failure = Assert.Throws<InputException>(
            () => KaldiTables.FloatVector.Create(string.Format(null, wspecifier, _folder.Path)).Dispose());

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("scp:{0}/x", "ark:{0}/y", "is a table")]
    [InlineData("cat {0}/x | sort", "a|b", "pipe sign within")]
    public void Read_of_a_name_that_is_no_file_says_what_is_wrong(string first, string second, string message)
    {
        foreach (var name in new[] { first, second })
        {
            var failure = Assert.Throws<InputException>(
                () => KaldiTables.FloatVector.ReadOne(string.Format(null, name, _folder.Path), Pipes));
            Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Pipes_work_both_ways_where_they_are_allowed()
    {
        var path = _folder.At("v");

        using (var writer = KaldiTables.FloatVector.Create($"ark,t:| sed s/1/7/ > {path}", Pipes))
        {
            writer.Write("a", [1]);
            writer.Write("b", [2]);
        }

        var read = KaldiTables.FloatVector.Read($"ark:sed s/2/8/ {path} |", Pipes).ToDictionary();
        using var random = KaldiTables.FloatVector.Open($"ark,s,cs:cat {path} |", Pipes);
        Assert.Equal([7f], read["a"]);
        Assert.Equal([8f], read["b"]);
        Assert.True(random.TryGet("b", out _));
        Assert.Throws<InputException>(() => KaldiTables.FloatVector.Read($"ark:cat {path} |").Count());
        Assert.Throws<IOException>(() => KaldiTables.FloatVector.Read("ark:exit 3 |", Pipes).Count());
    }

    [Fact]
    public void Read_in_the_background_gives_the_same_values_and_the_same_failure()
    {
        var whole = _folder.Write("w", string.Concat(Enumerable.Range(0, 100).Select(i => $"k{i} [ {i} ]\n")));
        var damaged = _folder.Write("d", "a [ 1 ]\nb [ x ]\n");

        var read = KaldiTables.FloatVector.Read($"ark,bg:{whole}").ToList();
        var first = KaldiTables.FloatVector.Read($"ark,bg:{whole}").First();
        var failure = Assert.Throws<InputException>(() => KaldiTables.FloatVector.Read($"ark,bg:{damaged}").ToList());

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), read.Select(entry => entry.Value[0]));
        Assert.Equal("k0", first.Key);
        Assert.Contains($"{damaged}: byte 13: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_keys_without_values_gives_empty_ones()
    {
        var path = _folder.Write("t", "a\nb \nc 1\n");

        Assert.Equal([0, 0, 1], KaldiTables.TokenVector.Read($"ark:{path}").Select(entry => entry.Value.Length));
        Assert.Equal([0, 0, 1], KaldiTables.IntVector.Read($"ark:{path}").Select(entry => entry.Value.Length));
        Assert.Empty(KaldiTables.FloatVector.Read($"ark:{_folder.Write("v", "a  [ ]\n")}").Single().Value);
    }

    [Fact]
    public void Read_of_a_line_with_any_white_space_ends_with_the_line()
    {
        var words = _folder.Write("t", "a x\fy\v\nb \f\n");
        var numbers = _folder.Write("i", "a 1\f\nb 2\v3\v\n");

        Assert.Equal(["x y", ""], KaldiTables.TokenVector.Read($"ark:{words}").Select(entry => string.Join(' ', entry.Value)));
        Assert.Equal(["1", "2 3"], KaldiTables.IntVector.Read($"ark:{numbers}").Select(entry => string.Join(' ', entry.Value)));
    }

    [Theory]
    [InlineData("[0:9,2:5]", 10, 4)]
    [InlineData("[:,1:1]", 12, 1)]
    [InlineData("[3:13]", 9, 6)]
    public void Read_of_a_part_counts_both_ends(string range, int rows, int columns)
    {
        using (var writer = KaldiTables.Matrix.Create($"ark:{_folder.At("m")}"))
            writer.Write("a", new FloatMatrix(12, 6));

        var script = _folder.Write("s", $"p {_folder.At("m")}:2{range}\n");
        var part = KaldiTables.Matrix.Read($"scp:{script}").Single().Value;

        Assert.Equal((rows, columns), (part.Rows, part.Columns));
    }

    [Fact]
    public void Single_numbers_go_round_in_binary_and_text()
    {
        foreach (var kind in new[] { "ark", "ark,t" })
        {
            using (var ints = KaldiTables.IntScalar.Create($"{kind}:{_folder.At("i")}"))
                ints.Write("a", -5);
            using (var doubles = KaldiTables.DoubleScalar.Create($"{kind}:{_folder.At("d")}"))
                doubles.Write("a", 0.25);

            Assert.Equal(-5, KaldiTables.IntScalar.Read($"ark:{_folder.At("i")}").Single().Value);
            Assert.Equal(0.25f, KaldiTables.FloatScalar.Read($"ark:{_folder.At("d")}").Single().Value);
        }

        Assert.Equal("a 0.25 \n", File.ReadAllText(_folder.At("d")));
    }
}
