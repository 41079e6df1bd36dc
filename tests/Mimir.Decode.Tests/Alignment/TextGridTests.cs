using Mimir.Decode.Alignment;

namespace Mimir.Decode.Tests.Alignment;

public sealed class TextGridTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_gives_praats_long_form_with_tiers_that_fill_the_recording()
    {
        TextGrid.Write(
            _folder.At("a.TextGrid"), 1.25, new("words", [(0.5, ""), (1.2, "say \"中\"")]), new("phones", [(1.2, "t")]));

        Assert.Equal(
            """
            File type = "ooTextFile"
            Object class = "TextGrid"

            xmin = 0
            xmax = 1.25
            tiers? <exists>
            size = 2
            item []:
                item [1]:
                    class = "IntervalTier"
                    name = "words"
                    xmin = 0
                    xmax = 1.25
                    intervals: size = 2
                    intervals [1]:
                        xmin = 0
                        xmax = 0.5
                        text = ""
                    intervals [2]:
                        xmin = 0.5
                        xmax = 1.25
                        text = "say ""中""~
                item [2]:
                    class = "IntervalTier"
                    name = "phones"
                    xmin = 0
                    xmax = 1.25
                    intervals: size = 1
                    intervals [1]:
                        xmin = 0
                        xmax = 1.25
                        text = "t"

            """.Replace('~', '"'),
            File.ReadAllText(_folder.At("a.TextGrid")));
    }
}
