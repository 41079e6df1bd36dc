using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Tables;

public class TableSpecifiersTests
{
    [Fact]
    public void Parse_of_rspecifier_takes_every_option()
    {
        var table = Rspecifier.Parse("scp,s,cs,p,o,bg,t:dir/a:b.scp");

        Assert.Equal(
            new Rspecifier
            {
                IsScript = true,
                Target = "dir/a:b.scp",
                Sorted = true,
                CalledSorted = true,
                Permissive = true,
                Once = true,
                Background = true,
            },
            table);
    }

    [Theory]
    [InlineData("feats.ark")]
    [InlineData("ark,scp:x")]
    [InlineData("p:x")]
    [InlineData("ark,zz:x")]
    public void Parse_of_rspecifier_refuses(string text) => Assert.Throws<InputException>(() => Rspecifier.Parse(text));

    [Fact]
    public void Parse_of_wspecifier_takes_archive_and_script()
    {
        Assert.Equal(
            new Wspecifier { Archive = "a.ark", Script = "b.scp", Binary = false, Flush = true },
            Wspecifier.Parse("ark,t,f,scp:a.ark,b.scp"));
        Assert.Equal(new Wspecifier { Archive = "-", Binary = false }, Wspecifier.Parse("ark,t:-"));
        Assert.Equal(new Wspecifier { Archive = "a", Script = "b,c" }, Wspecifier.Parse("ark,scp:a,b,c"));
        Assert.Equal(new Wspecifier { Script = "x", Permissive = true }, Wspecifier.Parse("scp,p:x"));
    }

    [Theory]
    [InlineData("p:x")]
    [InlineData("ark,ark:x")]
    [InlineData("scp,scp:x")]
    [InlineData("ark,scp:,x")]
    [InlineData("scp,ark:x,y")]
    [InlineData("ark,scp:x")]
    [InlineData("ark,q:x")]
    public void Parse_of_wspecifier_refuses(string text) => Assert.Throws<InputException>(() => Wspecifier.Parse(text));

    [Theory]
    [InlineData("a b.ark:12", RxKind.File, "a b.ark", 12)]
    [InlineData("a.ark:12[0:1]", RxKind.File, "a.ark", 12)]
    [InlineData("C:x.ark", RxKind.File, "C:x.ark", 0)]
    [InlineData("-", RxKind.StandardInput, "-", 0)]
    [InlineData("gunzip -c x.gz |", RxKind.Pipe, "gunzip -c x.gz", 0)]
    public void Parse_of_rxfilename_takes_it_apart(string text, RxKind kind, string target, long offset)
    {
        var name = Rxfilename.Parse(text);

        Assert.Equal((kind, target, offset), (name.Kind, name.Target, name.Offset));
    }
}
