using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public sealed class RandomAccessTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    [InlineData("scp")]
    public void TryGet_finds_keys_in_any_order(string kind)
    {
        using var table = KaldiTables.Matrix.Open(Make(kind, "a", "c", "b"));

        foreach (var key in new[] { "b", "a", "a", "c", "b" })
        {
            Assert.True(table.TryGet(key, out var value));
            Assert.Equal(key[0], value[0, 0]);
        }

        Assert.False(table.TryGet("d", out _));
        Assert.True(table.TryGet("a", out _));
    }

    [Fact]
    public void TryGet_in_an_archive_reads_no_further_than_the_key()
    {
        var path = _folder.Write("a", "a [ 1 ]\nb [ damaged");
        using var table = KaldiTables.FloatVector.Open($"ark:{path}");

        Assert.True(table.TryGet("a", out _));
        var failure = Assert.Throws<InputException>(() => table.TryGet("b", out _));

        Assert.Contains($"{path}: byte 19: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'b'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ark,s")]
    [InlineData("ark,s,cs")]
    public void TryGet_in_a_sorted_archive_stops_beyond_the_key(string kind)
    {
        var path = _folder.Write("a", "a [ 1 ]\nc [ 3 ]\nd [ damaged");
        using var table = KaldiTables.FloatVector.Open($"{kind}:{path}");

        Assert.False(table.TryGet("b", out _));
        Assert.True(table.TryGet("c", out var three));
        Assert.Equal([3f], three);
    }

    [Fact]
    public void TryGet_of_unsorted_keys_under_s_names_both()
    {
        using var table = KaldiTables.FloatVector.Open($"ark,s:{_folder.Write("a", "b [ 1 ]\na [ 2 ]\n")}");

        var failure = Assert.Throws<InputException>(() => table.TryGet("c", out _));

        Assert.Contains("'a' follows 'b'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryGet_out_of_order_under_cs_says_so()
    {
        using var table = KaldiTables.FloatVector.Open($"ark,s,cs:{_folder.Write("a", "a [ 1 ]\nb [ 2 ]\n")}");

        Assert.True(table.TryGet("b", out _));
        Assert.True(table.TryGet("b", out _));
        var failure = Assert.Throws<InputException>(() => table.TryGet("a", out _));

        Assert.Contains("'a' was asked for after 'b'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryGet_under_o_forgets_what_was_asked_for()
    {
        using var table = KaldiTables.FloatVector.Open($"ark,o:{_folder.Write("a", "a [ 1 ]\nb [ 2 ]\n")}");

        Assert.True(table.TryGet("a", out _));
        Assert.True(table.TryGet("a", out _));
        Assert.True(table.TryGet("b", out _));
        Assert.False(table.TryGet("a", out _));
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("scp")]
    public void TryGet_of_a_key_that_comes_twice_is_an_error(string kind)
    {
        var specifier = Make(kind, "a", "a", "b");

        var failure = Assert.Throws<InputException>(() =>
        {
            using var table = KaldiTables.Matrix.Open(specifier);
            table.TryGet("b", out _);
        });

        Assert.Contains("'a' comes twice", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryGet_under_p_passes_over_damage()
    {
        var archive = _folder.Write("a", "a [ 1 ]\nb [ damaged");
        var script = _folder.Write("s", $"a {archive}:2\nb {archive}:10\nc {_folder.At("none")}\n");
        using var strict = KaldiTables.FloatVector.Open($"scp:{script}");
        using var permissive = KaldiTables.FloatVector.Open($"scp,p:{script}");
        using var read = KaldiTables.FloatVector.Open($"ark,p:{archive}");

        Assert.True(permissive.TryGet("a", out _));
        Assert.False(permissive.TryGet("b", out _));
        Assert.False(permissive.TryGet("c", out _));
        Assert.False(read.TryGet("b", out _));
        Assert.True(read.TryGet("a", out _));
        Assert.Contains($"{script}:2: ", Assert.Throws<InputException>(() => strict.TryGet("b", out _)).Message, StringComparison.Ordinal);
        var missing = Assert.Throws<FileNotFoundException>(() => strict.TryGet("c", out _));
        Assert.Contains($"{script}:3: ", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryGet_takes_parts_of_one_object()
    {
        Make("ark", "a");
        var script = _folder.Write("s", $"first {_folder.At("t")}:2[0:0]\nlast {_folder.At("t")}:2[1:1,1:1]\nwhole {_folder.At("t")}:2\n");
        using var table = KaldiTables.Matrix.Open($"scp:{script}");

        Assert.True(table.TryGet("last", out var last));
        Assert.True(table.TryGet("first", out var first));
        Assert.True(table.TryGet("whole", out var whole));

        Assert.Equal((1, 1, 4f), (last.Rows, last.Columns, last[0, 0]));
        Assert.Equal((1, 2, 'a'), (first.Rows, first.Columns, first[0, 0]));
        Assert.Equal((2, 2), (whole.Rows, whole.Columns));
    }

    [Fact]
    public void Keys_are_ordered_by_their_bytes()
    {
        string[] sorted = ["", "A", "B", "a", "ab", "é", "\uFF21", "\U0001F600"];

        Assert.Equal(sorted, sorted.Reverse().Order(KeyOrder.Instance));
    }

    private string Make(string kind, params string[] keys)
    {
        var (archive, script) = (_folder.At("t"), _folder.At("t.scp"));
        using (var writer = KaldiTables.Matrix.Create(kind == "scp" ? $"ark,scp:{archive},{script}" : $"{kind}:{archive}"))
        {
            foreach (var key in keys)
                writer.Write(key, new FloatMatrix(2, 2, [key[0], 2, 3, 4]));
        }

        return kind == "scp" ? $"scp:{script}" : $"{kind}:{archive}";
    }
}
