using Mimir.Base;
using Mimir.Train.Packages;
using Mimir.Train.Transcription;

namespace Mimir.Train.Tests.Packages;

[Collection(TranscribingToy.Name)]
public sealed class ModelPackageTests(TranscribingToy toy) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_makes_a_folder_that_transcribes_as_the_run_does_anywhere()
    {
        var sources = AudioSources.Find([toy.At("cv")]);
        var package = Package();
        Directory.Move(package, _folder.At("moved"));

        var (run, moved) = (TranscribingToy.Transcribe(toy.Run, sources), TranscribingToy.Transcribe(_folder.At("moved"), sources));

        Assert.Equal(run.Select(TranscriptFormats.ToCtm), moved.Select(TranscriptFormats.ToCtm));
        Assert.Equal(
            ["HCLG.fst", "cmvn.ark", "final.mdl", "graph.json", "manifest.json", "model.safetensors", "package.yaml", "pdf.counts",
                "words.txt"],
            Directory.EnumerateFiles(_folder.At("moved")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        var text = File.ReadAllText(_folder.At("moved/package.yaml"));
        Assert.DoesNotContain(toy.At(""), text, StringComparison.Ordinal);
        Assert.Contains("num-mel-bins: 10", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_takes_the_weights_that_the_run_has_chosen_and_those_of_the_user()
    {
        var summary = Train.Reports.RunSummary.Read(toy.At("run/summary.json")).Results[0];

        var found = ModelFiles.Find(toy.Run, ["decode.beam=11"]).Recipe.Decode;

        Assert.Equal(summary.LmWeight, found.LmWeight);
        Assert.Equal(summary.WordInsertionPenalty, found.WordInsertionPenalty);
        Assert.Equal(11, found.Beam);
        Assert.Equal(3, ModelFiles.Find(Package(), ["decode.lm-weight=3"]).Recipe.Decode.LmWeight);
    }

    [Fact]
    public void Write_replaces_a_package_and_leaves_folders_of_others_alone()
    {
        var package = Package();
        Package();
        File.WriteAllText(Path.Combine(package, "mine.txt"), "mine");

        var error = Assert.Throws<IOException>(Package);

        Assert.Contains("mine.txt", error.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(package, "package.yaml")));
        Assert.Equal(["package"], Directory.EnumerateDirectories(_folder.Path).Select(path => Path.GetFileName(path)));
    }

    [Theory]
    [InlineData("HCLG.fst")]
    [InlineData("model.safetensors")]
    [InlineData("words.txt")]
    [InlineData("package.yaml")]
    public void A_package_with_a_changed_file_is_refused(string name)
    {
        var file = Path.Combine(Package(), name);
        File.AppendAllText(file, "\n# changed");

        var error = Assert.Throws<InputException>(() => SpeechModel.Load(ModelFiles.Find(_folder.At("package"), [])));

        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_of_a_later_form_is_refused()
    {
        _folder.Write("package.yaml", "format: 2\nname: later\nmimir: 9.0.0\n");

        var error = Assert.Throws<InputException>(() => ModelFiles.Find(_folder.Path, []));

        Assert.Contains("later Mimir (9.0.0)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_names_what_is_missing()
    {
        var missing = Assert.Throws<DirectoryNotFoundException>(() => ModelFiles.Find(_folder.At("x"), []));
        Assert.Contains("no such folder", missing.Message, StringComparison.Ordinal);
        Assert.Contains("there is neither", Message(_folder.Path), StringComparison.Ordinal);
        Assert.Contains(
            "--set decode.graph=FOLDER",
            Assert.Throws<DirectoryNotFoundException>(() => ModelFiles.Find(toy.Run, ["decode.graph=none"])).Message,
            StringComparison.Ordinal);
        _folder.Write("recipe.yaml", toy.RecipeOfGivenFeatures);
        Assert.Contains("no model yet", Message(_folder.Path), StringComparison.Ordinal);
        Directory.CreateDirectory(_folder.At("model"));
        Assert.Contains("--set features.type=fbank", Message(_folder.Path), StringComparison.Ordinal);
    }

    private static string Message(string path, params string[] overrides) =>
        Assert.Throws<InputException>(() => ModelFiles.Find(path, overrides)).Message;

    private string Package()
    {
        ModelPackage.Write(ModelFiles.Find(toy.Run, []), _folder.At("package"));
        return _folder.At("package");
    }
}
