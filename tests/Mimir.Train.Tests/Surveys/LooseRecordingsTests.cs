using Mimir.Base;
using Mimir.Train.Surveys;

namespace Mimir.Train.Tests.Surveys;

public sealed class LooseRecordingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-loose-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_of_a_text_file_or_a_file_of_the_same_name_is_a_recordings_text()
    {
        Write("a.wav", "");
        Write("b.flac", "");
        Write("c.wav", "");
        Write("d.wav", "");
        Write("words.txt", "a.wav\tHello, world!\nnobody is here\nc  don't stop\n");
        Write("b.txt", "今天，\n天气不错。\n");

        var lists = Made(out var notes);

        Assert.Equal(["a Hello world", "b 今天 天气不错", "c don't stop"], lists["text"]);
        Assert.Equal(["a a", "b b", "c c"], lists["utt2spk"]);
        Assert.Equal($"a {Path.Combine(_folder, "a.wav")}", lists["wav.scp"][0]);
        Assert.Equal([$"1 recordings without a text are left out (first {Path.Combine(_folder, "d.wav")})"], notes);
    }

    [Fact]
    public void Folders_of_recordings_are_speakers()
    {
        Write("anna/1.wav", "");
        Write("ben/1.wav", "");
        Write("metadata.csv", $"{Path.Combine(_folder, "anna/1.wav")}|one|one\n{Path.Combine(_folder, "ben/1.wav")}|two|two\n");

        var lists = Made(out _);

        Assert.Equal(["anna-1 anna", "ben-1 ben"], lists["utt2spk"]);
        Assert.Equal(["anna-1 one", "ben-1 two"], lists["text"]);
    }

    [Fact]
    public void Recordings_without_any_text_are_refused_and_data_directories_left_as_they_are()
    {
        Write("a.wav", "");
        var refusal = Assert.Throws<InputException>(() => LooseRecordings.Find([_folder]));
        Write("wav.scp", "a a.wav\n");

        Assert.Contains("no text of any", refusal.Message, StringComparison.Ordinal);
        Assert.Null(LooseRecordings.Find([_folder]));
    }

    private Dictionary<string, string[]> Made(out IReadOnlyList<string> notes)
    {
        var loose = LooseRecordings.Find([_folder])!;
        var target = Path.Combine(_folder, "made");
        loose.Write(target);
        notes = loose.Notes;
        Assert.Throws<InputException>(() => loose.Write(target));
        return Directory.GetFiles(target).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllLines);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
