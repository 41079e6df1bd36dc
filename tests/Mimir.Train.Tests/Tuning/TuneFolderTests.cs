using Mimir.Train.Tuning;

namespace Mimir.Train.Tests.Tuning;

public sealed class TuneFolderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
    private readonly string _run = Directory.CreateTempSubdirectory("mimir-tune-").FullName;
    private readonly TuneFolder _folder;

    public TuneFolderTests() => _folder = new(_run);

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public void Requests_are_answered_in_their_order()
    {
        var first = _folder.Post(new(Now, ["rate=0.002"]));
        var second = _folder.Post(new(Now, ["rate=0.001", "max-epochs=5"]));

        Assert.Equal((1, 2), (first, second));
        Assert.Equal(["rate=0.002"], _folder.Next()?.Request.Changes);
        Assert.Null(_folder.AnswerTo(first));
        _folder.Answer(first, new(true, "rate 0.004 -> 0.002"));
        Assert.Equal(new TuneAnswer(true, "rate 0.004 -> 0.002"), _folder.AnswerTo(first));
        Assert.Equal(2, _folder.Next()?.Number);
        _folder.Answer(second, new(false, "no"));
        Assert.Null(_folder.Next());
    }

    [Fact]
    public void Who_ask_at_once_get_numbers_of_their_own()
    {
        var numbers = new int[40];

        Parallel.For(0, numbers.Length, i => numbers[i] = new TuneFolder(_run).Post(new(Now, [$"rate={i}"])));

        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers.Order());
    }

    [Fact]
    public void A_request_that_is_none_is_answered_and_the_next_one_taken()
    {
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "0001.request.json"), "{\"asked\": 3");
        File.WriteAllText(Path.Combine(_folder.Path, "0002.request.json"), "");
        File.WriteAllText(Path.Combine(_folder.Path, "note.request.json"), "{}");
        var asked = _folder.Post(new(Now, ["rate=1"]));

        var next = _folder.Next();

        Assert.Equal((3, 3), (asked, next?.Number));
        Assert.False(_folder.AnswerTo(1)?.Accepted);
        Assert.Contains("0001.request.json:1", _folder.AnswerTo(1)?.Message, StringComparison.Ordinal);
    }
}
