using Mimir.Base;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Ledgers;

namespace Mimir.Dist.Tests.Data.Ledgers;

public sealed class LedgerTests : IDisposable
{
    private static readonly DataItem[] Corpus = [new("a", 10), new("b", 20), new("c", 30)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string LedgerPath => Path.Combine(_folder.FullName, Ledger.FileName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_sound_epoch_and_one_that_goes_on_are_sound()
    {
        using var ledger = Start();
        ledger.Complete(1, "a", 0, 1, 10);
        ledger.Complete(1, "c", 1, 1, 30);
        ledger.Drop(1, "b", "no \"transcript\"");
        ledger.End(1);
        ledger.Begin(new(2, Corpus));
        ledger.Complete(2, "c", 1, 2, 30);
        ledger.Flush();

        var audit = LedgerAudit.Run(_folder.FullName);

        Assert.True(audit.Sound);
        Assert.Equal([("b", "no \"transcript\"")], audit.Epochs[0].Dropped);
        Assert.Equal((0, 2), (audit.Epochs[0].Open, audit.Epochs[1].Open));
        Assert.Contains(
            "epoch 2: 1 of 3 utterances, 30 frames (worker 1 1); 2 still to come; 0 dropped, 0 lost, 0 doubled or wrong",
            audit.ToText(5),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_doubled_shortened_and_unknown_utterances_are_listed()
    {
        using (var ledger = Start())
        {
            ledger.Complete(1, "a", 0, 1, 10);
            ledger.Complete(1, "a", 1, 2, 10);
            ledger.Complete(1, "b", 1, 2, 19);
            ledger.Complete(1, "x", 1, 2, 19);
            ledger.End(1);
        }

        var epoch = LedgerAudit.Run(_folder.FullName).Epochs.Single();

        Assert.False(epoch.Sound);
        Assert.Equal(["c"], epoch.Lost);
        Assert.Equal(
            ["line 3: a doubled, first in line 2", "line 4: b with 19 frames, the corpus has 20", "line 5: x is not in the corpus"],
            epoch.Wrong);
    }

    [Theory]
    [InlineData("1 2 3", "")]
    [InlineData("2 3", "epoch 1 is missing: the run says that its workers have trained it")]
    [InlineData("1 3", "epoch 2 is missing: the run says that its workers have trained it")]
    [InlineData("1 2", "epoch 3 is missing: the run says that its workers have trained it")]
    [InlineData("1 2 3-", "epoch 3 has no end: the run says that it was trained to the end")]
    [InlineData(
        "1 1 3", "epoch 1 comes again after epoch 1; epoch 2 is missing: the run says that its workers have trained it")]
    [InlineData("1 2 3 4", "epoch 4 is none that the run says it has trained")]
    public void Epochs_that_the_run_has_trained_are_all_there(string epochs, string missing)
    {
        Write(epochs);

        var audit = LedgerAudit.Run(_folder.FullName, new PromisedEpochs([1, 2, 3], [], IsFinished: true));

        Assert.Equal(missing, string.Join("; ", audit.Missing));
        Assert.Equal(missing.Length == 0, audit.Sound);
    }

    [Theory]
    [InlineData("1 3", "epoch 2 is missing between epochs 1 and 3")]
    [InlineData("2 3-", "")]
    public void Without_a_word_of_the_run_gaps_are_found(string epochs, string missing)
    {
        Write(epochs);

        var audit = LedgerAudit.Run(_folder.FullName);

        Assert.Equal(missing, string.Join("; ", audit.Missing));
        Assert.Contains("epochs missing at its end cannot be noticed", audit.ToText(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Epochs_of_one_worker_alone_are_in_no_ledger()
    {
        Write("2 4");

        Assert.True(LedgerAudit.Run(_folder.FullName, new PromisedEpochs([2, 4], [1, 3], IsFinished: true)).Sound);
    }

    [Fact]
    public void Lines_after_an_end_and_other_frames_are_wrong()
    {
        using (var ledger = Ledger.Create(_folder.FullName, Corpus))
        {
            ledger.Begin(1, 3, 59);
            foreach (var item in Corpus.Take(2))
                ledger.Complete(1, item.Id, 0, 1, item.Frames);
            ledger.End(1);
            ledger.Complete(1, "c", 0, 1, 30);
        }

        Assert.Equal(
            ["line 1: the epoch has 59 frames, the corpus 60", "line 5: comes after the end of the epoch"],
            LedgerAudit.Run(_folder.FullName).Epochs.Single().Wrong);
    }

    [Fact]
    public void An_epoch_after_which_another_begins_without_an_end_has_lost_what_is_missing()
    {
        using (var ledger = Start())
            ledger.Begin(new(2, Corpus));

        Assert.Equal(["a", "b", "c"], LedgerAudit.Run(_folder.FullName).Epochs[0].Lost);
    }

    [Theory]
    [InlineData("{\"epoch\":1,\"utterance\":\"b\"")]
    [InlineData("\0\0\0\0\0")]
    public void A_last_line_that_a_crash_has_cut_short_does_not_count_and_is_cut_off(string torn)
    {
        using (var ledger = Start())
            ledger.Complete(1, "a", 0, 1, 10);
        var whole = new FileInfo(LedgerPath).Length;
        File.AppendAllText(LedgerPath, torn);

        var audit = LedgerAudit.Run(_folder.FullName);
        using (var ledger = Ledger.Open(_folder.FullName))
            ledger.Complete(1, "b", 0, 2, 20);

        Assert.True(audit.Torn);
        Assert.Equal(1, audit.Epochs[0].Completed);
        Assert.Contains("cut short by a crash", audit.ToText(1), StringComparison.Ordinal);
        Assert.Equal("{\"epoch\":1,\"utterance\":\"b\",\"rank\":0,\"step\":2,\"frames\":20}\n", File.ReadAllText(LedgerPath)[(int)whole..]);
    }

    [Fact]
    public void Open_goes_back_to_the_length_of_a_checkpoint()
    {
        long bytes;
        using (var ledger = Start())
        {
            ledger.Complete(1, "a", 0, 1, 10);
            bytes = ledger.Sync();
            ledger.Complete(1, "b", 0, 2, 20);
        }

        Ledger.Open(_folder.FullName, bytes).Dispose();

        Assert.Equal(bytes, new FileInfo(LedgerPath).Length);
        var error = Assert.Throws<InputException>(() => Ledger.Open(_folder.FullName, bytes + 1));
        Assert.Contains("another checkpoint", error.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Ledger.Open(_folder.FullName, bytes - 1));
    }

    [Theory]
    [InlineData("{\"epoch\":1,\"utterance\":3}")]
    [InlineData("{\"epoch\":1,\"event\":\"pause\"}")]
    [InlineData("[1]")]
    [InlineData("hello")]
    public void A_line_that_is_none_is_refused_with_its_place(string line)
    {
        Start().Dispose();
        File.AppendAllText(LedgerPath, line + "\n");

        var error = Assert.Throws<InputException>(() => LedgerAudit.Run(_folder.FullName));

        Assert.StartsWith($"{LedgerPath}:2: expected ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_a_ledger_says_so() =>
        Assert.Contains(
            LedgerPath, Assert.Throws<FileNotFoundException>(() => LedgerAudit.Run(_folder.FullName)).Message, StringComparison.Ordinal);

    // Whole epochs; one with a dash has no end.
    private void Write(string epochs)
    {
        using var ledger = Ledger.Create(_folder.FullName, Corpus);
        foreach (var word in epochs.Split(' '))
        {
            var epoch = word[0] - '0';
            ledger.Begin(new(epoch, Corpus));
            foreach (var item in Corpus)
                ledger.Complete(epoch, item.Id, 0, 1, item.Frames);
            if (!word.EndsWith('-'))
                ledger.End(epoch);
        }
    }

    private Ledger Start()
    {
        var ledger = Ledger.Create(_folder.FullName, Corpus);
        ledger.Begin(new(1, Corpus));
        return ledger;
    }
}
