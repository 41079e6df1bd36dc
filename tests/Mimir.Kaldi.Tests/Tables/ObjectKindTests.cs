using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Tests.Tables;

/// <summary>A file of another kind is named as what it is.</summary>
public sealed class ObjectKindTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_table_of_another_kind_says_what_it_is(bool binary)
    {
        var vectors = Make(KaldiTables.FloatVector, [1, 2], binary);
        var integers = Make(KaldiTables.IntVector, [1, 2, 3], binary);
        var matrices = Make(KaldiTables.Matrix, new FloatMatrix(1, 2), binary);

        // In text, a vector is also a matrix of one row, as in Kaldi.
        if (binary)
        {
            Assert.Contains("It is a vector of floats; a matrix is wanted.", Fails(() => KaldiTables.Matrix.Read(vectors).Count()));
            Assert.Contains("It is a vector of floats; a matrix is wanted.", Fails(() => KaldiTables.MatrixSize.Read(vectors).Count()));
        }

        Assert.Contains("It is a vector of integers; a matrix is wanted.", Fails(() => KaldiTables.Matrix.Read(integers).Count()));
        Assert.Contains("It is a matrix; a vector of integers is wanted.", Fails(() => KaldiTables.IntVector.Read(matrices).Count()));
        Assert.Contains("It is a matrix; a vector of floats is wanted.", Fails(() => KaldiTables.FloatVector.Read(matrices).Count()));
        Assert.Contains("It is a matrix; a table of posteriors is wanted.", Fails(() => Posterior.Table.Read(matrices).Count()));
    }

    [Theory]
    [InlineData("\0B<TransitionModel> ", "it is a single transition model")]
    [InlineData("\0BFM \u0004\0\0\0\0", "it is a single matrix")]
    [InlineData("RIFFxxxxWAVE", "it is a single WAV file")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "pointer of git-lfs")]
    [InlineData("<!DOCTYPE html>", "web page")]
    [InlineData("BZh91AY", "bzip2 file")]
    [InlineData("PK\u0003\u0004x", "zip file")]
    public void What_is_no_archive_is_named(string content, string expected)
    {
        var path = _folder.Write("x", System.Text.Encoding.Latin1.GetBytes(content));

        Assert.Contains(expected, Fails(() => KaldiTables.Matrix.Read($"ark:{path}").Count()));
    }

    [Fact]
    public void Compressed_data_without_the_ending_says_so()
    {
        var path = _folder.Write("x.ark", [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);

        Assert.Contains("its name must end in .gz", Fails(() => KaldiTables.Matrix.Read($"ark:{path}").Count()));
        Assert.Contains("its name must end in .gz", Fails(() => Nnet1File.Read(path)));
    }

    [Fact]
    public void A_script_that_is_given_as_an_archive_is_called_one_and_the_other_way_round()
    {
        var archive = Make(KaldiTables.Matrix, new FloatMatrix(1, 2), binary: true);
        var script = _folder.Write("f.scp", "a exp/feats.ark:123\n");

        Assert.Contains("scp:", Fails(() => KaldiTables.Matrix.Read($"ark:{script}").Count()));
        Assert.Contains("write ark:", Fails(() => KaldiTables.Matrix.Read($"scp:{archive[4..]}").Count()));
    }

    [Theory]
    [InlineData("<TransitionModel> <Topology> </Topology> </TransitionModel> <Nnet3> ", "an nnet3 model")]
    [InlineData("<TransitionModel> <Topology> </Topology> </TransitionModel> <DIMENSION> 39 ", "a GMM")]
    [InlineData("<TransitionModel> <Topology> </Topology> </TransitionModel> <Nnet> <NumComponents> 3 ", "an nnet2 model")]
    [InlineData("<Nnet3> input-node", "a network of nnet3")]
    [InlineData("<NnetProto> <AffineTransform>", "a prototype of a network")]
    [InlineData("ContextDependency 3 1 ToPdf", "a tree")]
    public void A_model_of_another_trainer_is_named_where_nnet1_is_wanted(string content, string expected)
    {
        foreach (var mark in new[] { "", "\0B" })
        {
            var error = Fails(() => Nnet1File.Read(_folder.Write("final.mdl", mark + content)));
            Assert.Matches($"final.mdl: byte [02]: this is {expected}", error);
            Assert.Contains("nnet1 is wanted", error);
        }
    }

    [Fact]
    public void A_network_in_the_place_of_another_file_is_named()
    {
        var path = _folder.Write("n", "<Nnet>\n<Softmax> 2 2\n</Nnet>\n");

        Assert.Contains("It is a network of nnet1; a transition model is wanted", Fails(() => TransitionModel.Read(path)));
        Assert.Contains("It is a network of nnet1; a tree is wanted", Fails(() => ContextDependency.Read(path)));
        Assert.Contains("It is a network of nnet1; a vector of floats is wanted", Fails(() => PdfCounts.Read(path)));
    }

    private static string Fails(Func<object?> read) => Assert.ThrowsAny<InputException>(read).Message;

    private string Make<T>(Table<T> table, T value, bool binary)
    {
        var path = _folder.At(Guid.NewGuid().ToString("N"));
        using (var writer = table.Create($"{(binary ? "ark" : "ark,t")}:{path}"))
            writer.Write("utt1", value);

        return $"ark:{path}";
    }
}
