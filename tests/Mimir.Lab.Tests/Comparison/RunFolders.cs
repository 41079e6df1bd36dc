using Mimir.Decode.Scoring;
using Mimir.Train.Reports;

namespace Mimir.Lab.Tests.Comparison;

/// <summary>Makes folders of finished runs without training.</summary>
internal sealed class RunFolders : IDisposable
{
    public const int Utterances = 60;

    public string Root { get; } = Directory.CreateTempSubdirectory("mimir-compare-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A finished run of three epochs with one decoded set.</summary>
    /// <param name="name">The folder's name.</param>
    /// <param name="wrong">The share of characters that it has wrong, from 0 to 1.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="set">The decoded set; null for none.</param>
    /// <param name="update">What <c>distribute.update</c> says, for two workers; null for one alone.</param>
    /// <param name="utterances">The first so many utterances.</param>
    public string Add(
        string name, double wrong, RunStatus status = RunStatus.Ok, string? set = "test", string? update = null,
        int utterances = Utterances)
    {
        var folder = Path.Combine(Root, name);
        var recipe = Some.Read(Some.Recipe, update is null ? [] : ["distribute.workers=2", $"distribute.update={update}"]);
        var time = new FakeTime();
        using var recorder = new RunRecorder(folder, recipe.ToYaml(), time);
        recorder.Write(new RunStarted { Name = "toy" });
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            time.Advance(5);
            if (update is not null)
            {
                recorder.Write(new WorkersExchanged
                {
                    Epoch = epoch,
                    Workers = 2,
                    WaitingSeconds = 1,
                    WaitingPercent = 25,
                    Staleness = update == "asgd" ? [1, 3] : null,
                });
            }

            recorder.Write(new CrossValidated { Epoch = epoch, Loss = 3 - 0.5 * epoch, Seconds = 1 });
            recorder.Write(new EpochFinished
            {
                Epoch = epoch,
                CvLoss = 3 - 0.5 * epoch - wrong,
                CvAccuracy = 0.5 + 0.1 * epoch,
                Accepted = epoch != 2,
                Frames = 8000,
                Seconds = 4,
            });
        }

        if (set is not null)
            Score(folder, set, wrong, utterances, recorder);
        recorder.Finish(status);
        return folder;
    }

    private static void Score(string folder, string set, double wrong, int utterances, RunRecorder recorder)
    {
        var references = new Dictionary<string, string>();
        var hypotheses = new Dictionary<string, string>();
        var random = new Random(Path.GetFileName(folder).Sum(letter => letter));
        for (var i = 0; i < utterances; i++)
        {
            references[$"u{i:D3}"] = "一二三四五六七八九十";
            hypotheses[$"u{i:D3}"] = string.Concat("一二三四五六七八九十".Select(letter => random.NextDouble() < wrong ? '错' : letter));
        }

        var sheet = ScoreSheet.Score(references, hypotheses, new ScoreOptions { Unit = ScoreUnit.Character });
        Directory.CreateDirectory(Path.Combine(folder, "decode", set));
        File.WriteAllText(Path.Combine(folder, "decode", set, "per_utt"), ScoreReport.PerUtterance(sheet));
        recorder.Write(new SetScored
        {
            Set = set,
            Measure = "CER",
            Percent = sheet.Total.Percent,
            Reference = sheet.Total.Reference,
            Substitutions = sheet.Total.Substitutions,
        });
    }
}
