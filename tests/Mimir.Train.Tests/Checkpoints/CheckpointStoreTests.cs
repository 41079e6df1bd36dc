using Mimir.Train.Checkpoints;
using Mimir.Train.Schedules;

namespace Mimir.Train.Tests.Checkpoints;

public sealed class CheckpointStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-checkpoints-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Read_gives_back_what_was_written()
    {
        var written = Some(epoch: 2, step: 40);

        new CheckpointStore(_folder).Write(written, keep: 2);
        var read = new CheckpointStore(_folder).ReadNewest(Assert.Fail);

        Assert.NotNull(read);
        Assert.Equal(written.Vectors["model"], read.Vectors["model"]);
        Assert.Equal(written.Vectors["best"], read.Vectors["best"]);
        Assert.Equal(written.State.Schedule, read.State.Schedule);
        Assert.Equal(written.State.Totals, read.State.Totals);
        Assert.Equal(written.State.History, read.State.History);
        Assert.Equal(written.State.Counters, read.State.Counters);
        Assert.Equal((2, 40, 1040L, "abc"), (read.State.Epoch, read.State.Step, read.State.TotalSteps, read.State.Fingerprint));
    }

    [Fact]
    public void ReadNewest_of_nothing_is_null()
    {
        Assert.Null(new CheckpointStore(Path.Combine(_folder, "none")).ReadNewest(Assert.Fail));
    }

    [Fact]
    public void Write_keeps_the_newest()
    {
        var store = new CheckpointStore(_folder);

        for (var step = 1; step <= 4; step++)
            store.Write(Some(1, step), keep: 2);

        Assert.Equal([new(1, 3), new(1, 4)], store.List());
    }

    [Theory]
    [InlineData("model.f32")]
    [InlineData("state.json")]
    [InlineData("manifest.sha256")]
    public void ReadNewest_passes_over_a_checkpoint_with_a_damaged_file(string file)
    {
        var store = new CheckpointStore(_folder);
        store.Write(Some(1, 1), keep: 2);
        var newest = store.Write(Some(1, 2), keep: 2);
        var bytes = File.ReadAllBytes(Path.Combine(newest, file));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Path.Combine(newest, file), bytes);

        var warnings = new List<string>();
        var read = store.ReadNewest(warnings.Add);

        Assert.Equal(1, read?.State.Step);
        Assert.Contains(newest, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.f32")]
    [InlineData("manifest.sha256")]
    public void ReadNewest_passes_over_a_checkpoint_without_a_file(string file)
    {
        var store = new CheckpointStore(_folder);
        store.Write(Some(1, 1), keep: 2);
        File.Delete(Path.Combine(store.Write(Some(1, 2), keep: 2), file));

        var warnings = new List<string>();
        var read = store.ReadNewest(warnings.Add);

        Assert.Equal(1, read?.State.Step);
        Assert.Contains(file, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("moved", "its name is 001-000003, and it is of epoch 1, step 2")]
    [InlineData("history", "epoch 1 has 2 finished epochs before it")]
    [InlineData("rate", "its learning rate is -0.1")]
    [InlineData("best-epoch", "its best epoch is 4, and 0 are finished")]
    [InlineData("steps", "there is no step 2 of epoch 1 after 1 steps")]
    [InlineData("infinite", "the vector 'model' has a value that is not finite")]
    [InlineData("short", "the vector 'best' has 100 values, 'model' has 7")]
    [InlineData("no-model", "it has no vector 'model'")]
    public void ReadNewest_passes_over_a_checkpoint_of_right_sums_and_wrong_content(string what, string problem)
    {
        var store = new CheckpointStore(_folder);
        store.Write(Some(1, 1), keep: 2);
        var (state, vectors) = (Some(1, 2).State, new Dictionary<string, float[]>(Some(1, 2).Vectors));
        state = what switch
        {
            "history" => state with { History = [state.History[0], state.History[0]] },
            "rate" => state with { Schedule = state.Schedule with { Rate = -0.1 } },
            "best-epoch" => state with { Schedule = state.Schedule with { BestEpoch = 4 } },
            "steps" => state with { TotalSteps = 1 },
            _ => state,
        };
        vectors["model"] = what switch
        {
            "infinite" => [.. vectors["model"][1..], float.NegativeInfinity],
            "short" => vectors["model"][..7],
            _ => vectors["model"],
        };
        if (what == "no-model")
            vectors.Remove("model");
        var place = store.Write(new(state, vectors), keep: 3);
        if (what == "moved")
            Directory.Move(place, place = Path.Combine(_folder, "001-000003"));

        var warnings = new List<string>();
        var read = store.ReadNewest(warnings.Add);

        Assert.Equal(1, read?.State.Step);
        var warning = Assert.Single(warnings);
        Assert.StartsWith($"{place}: its checksums are right, but its content is not: {problem}", warning, StringComparison.Ordinal);
        Assert.EndsWith("the one before it is used.", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadNewest_says_that_training_begins_anew_when_none_is_whole()
    {
        var store = new CheckpointStore(_folder);
        File.WriteAllText(Path.Combine(store.Write(Some(1, 1), keep: 2), "state.json"), "{}");

        var warnings = new List<string>();

        Assert.Null(store.ReadNewest(warnings.Add));
        Assert.EndsWith("training begins anew.", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_on_a_full_disk_fails_clearly_and_leaves_the_older_checkpoint()
    {
        new CheckpointStore(_folder).Write(Some(1, 1), keep: 1);
        var full = new CheckpointStore(_folder, path => new FullDisk(path, capacity: 100));

        var error = Assert.Throws<IOException>(() => full.Write(Some(1, 2), keep: 1));

        Assert.Contains("001-000002", error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, new CheckpointStore(_folder).ReadNewest(Assert.Fail)?.State.Step);
        Assert.Equal("001-000001", Path.GetFileName(Assert.Single(Directory.GetDirectories(_folder))));
    }

    [Fact]
    public void Write_removes_what_a_killed_write_left()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".001-000001.tmp"));
        File.WriteAllText(Path.Combine(_folder, ".001-000001.tmp", "model.f32"), "half");
        var store = new CheckpointStore(_folder);

        store.Write(Some(1, 1), keep: 1);

        Assert.Equal(1, store.ReadNewest(Assert.Fail)?.State.Step);
        Assert.Single(Directory.GetDirectories(_folder));
    }

    private static Checkpoint Some(int epoch, int step) => new(
        new TrainingState
        {
            Fingerprint = "abc",
            Epoch = epoch,
            Step = step,
            TotalSteps = 1000 + step,
            Schedule = new ScheduleState { Epoch = epoch - 1, Rate = 0.1 / 3, BestLoss = 1e-17 / 7, Halving = true },
            Totals = new EpochTotals(Math.PI * 1e5, 12345, 54321),
            History = [.. Enumerable.Range(0, epoch).Select(done => new EpochRecord(done, 0, 0, 0, 6.25, 0.002, false))],
            Counters = new Dictionary<string, long> { ["dropout1"] = 1L << 60 },
        },
        new Dictionary<string, float[]>
        {
            ["model"] = [.. Enumerable.Range(0, 100).Select(i => 1f / (i + step))],
            ["best"] = [.. Enumerable.Range(0, 100).Select(i => -1f / (i + 2))],
        });

    private sealed class FullDisk(string path, int capacity) : FileStream(path, FileMode.CreateNew)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > capacity)
                throw new IOException("No space left on device.");
            base.Write(buffer);
        }
    }
}
