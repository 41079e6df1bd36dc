using System.Xml.Linq;
using Mimir.Lab.Comparison;

namespace Mimir.Lab.Tests.Comparison;

public sealed class ComparePageTests : IDisposable
{
    private readonly RunFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Render_is_one_well_formed_page_of_all_runs()
    {
        var runs = FinishedRunReader.Read([.. Enumerable.Range(0, 14).Select(index => _folders.Add($"<r{index}>", 0.1 + 0.03 * index))]);

        var page = ComparePage.Render(RunComparison.Of(runs));

        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        var body = XElement.Parse(
            page[page.IndexOf("<body>", StringComparison.Ordinal)..].Replace("</html>", "", StringComparison.Ordinal));
        Assert.Equal(4, body.Descendants("figure").Count());
        Assert.All(body.Descendants("figure"), figure => Assert.Equal(14, figure.Descendants("polyline").Count()));
        Assert.All(body.Descendants("figure"), figure => Assert.Equal(14, figure.Descendants("text").Count(HasClass("end"))));
        Assert.Equal(14, body.Descendants("polyline").Select(line => line.Attribute("class")!.Value).Distinct().Count());
        Assert.Contains(body.Descendants("td"), cell => cell.Value == "<r13>");
        Assert.Contains(body.Descendants("strong"), word => word.Value == "significant");
    }

    [Fact]
    public void Render_says_whose_time_is_modelled()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("emulated", 0.2)]);

        var mixed = ComparePage.Render(RunComparison.Of([runs[0], runs[1] with { Cluster = "alibaba" }]));
        var measured = ComparePage.Render(RunComparison.Of(runs));

        Assert.Contains("seconds, modelled for 2, measured for the others", mixed, StringComparison.Ordinal);
        Assert.Contains("seconds, measured: training and validation", measured, StringComparison.Ordinal);
        Assert.DoesNotContain("modelled", measured, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_gives_the_same_bytes_again()
    {
        var runs = FinishedRunReader.Read([_folders.Add("base", 0.2), _folders.Add("other", 0.25)]);
        var files = new[] { Path.Combine(_folders.Root, "a.html"), Path.Combine(_folders.Root, "b.html") };

        foreach (var file in files)
            ComparePage.Write(file, RunComparison.Of(runs));

        Assert.Equal(File.ReadAllBytes(files[0]), File.ReadAllBytes(files[1]));
    }

    private static Func<XElement, bool> HasClass(string name) => element =>
        element.Attribute("class")?.Value.Split(' ').Contains(name) == true;
}
