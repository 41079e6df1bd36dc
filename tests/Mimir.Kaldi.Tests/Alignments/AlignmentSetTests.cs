using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Alignments;

public sealed class AlignmentSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataFact]
    public void Read_gives_what_ali_to_pdf_and_ali_to_phones_give()
    {
        var folder = SharedData.At("goldens/kaldi/exp/tri1");
        var model = TransitionModel.Read($"{folder}/final.mdl");
        var set = AlignmentSet.Read(folder, model);

        var pdfs = KaldiTables.IntVector.Read($"ark:{folder}/ali-to-pdf.txt.gz").ToList();
        Assert.Equal(pdfs.Count, set.Count);
        Assert.All(pdfs, pair => Assert.Equal(pair.Value, set.PdfsOf(pair.Key)));
        Assert.All(
            KaldiTables.IntVector.Read($"ark:{folder}/ali-to-phones.perframe.txt.gz"),
            pair => Assert.Equal(pair.Value, set.TransitionsOf(pair.Key).ToArray().Select(model.PhoneOf)));
        Assert.All(
            KaldiTables.IntVector.Read($"ark:{folder}/ali-to-phones.txt.gz"),
            pair => Assert.Equal(pair.Value, Segments(pair.Key).Select(segment => segment.Phone)));
        foreach (var words in File.ReadLines($"{folder}/ali-to-phones.lengths.100utts.txt").Select(line => line.Split(' ', 2)))
            Assert.Equal(words[1].Trim(), string.Join(" ; ", Segments(words[0]).Select(segment => $"{segment.Phone} {segment.Frames}")));

        IReadOnlyList<PhoneSegment> Segments(string utterance) => PhoneSegment.Split(set.TransitionsOf(utterance), model);
    }

    [SharedDataFact]
    public void Write_gives_the_file_of_analyze_counts()
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        var model = TransitionModel.Read($"{corpus}/gmm/final.mdl");
        var set = AlignmentSet.Read($"{corpus}/ali/train", model);

        var counts = new double[model.PdfCount];
        Array.Fill(counts, PdfCounts.KaldiSmoothing);
        foreach (var pdf in set.Utterances.SelectMany(set.PdfsOf))
            counts[pdf]++;

        new PdfCounts(counts).Write(_folder.At("counts"));

        Assert.Equal(File.ReadAllText($"{corpus}/ali/ali_train_pdf.counts"), File.ReadAllText(_folder.At("counts")));
        Assert.Equal(model.PdfCount, PdfCounts.Read(_folder.At("counts")).Values.Count);
    }

    [Fact]
    public void Read_of_a_folder_takes_its_parts_in_numeric_order()
    {
        foreach (var part in Enumerable.Range(1, 10).Reverse())
            _folder.Write($"ali.{part}", $"u{part} 1 2\n");

        var set = AlignmentSet.Read(_folder.Path, SomeTransitionModel.Make(false));

        Assert.Equal(Enumerable.Range(1, 10).Select(part => $"u{part}"), set.Utterances);
    }

    [Theory]
    [InlineData(new[] { 1, 3 }, null, "ali.2 is missing, there are 3 jobs")]
    [InlineData(new[] { 1, 2 }, "3\n", "ali.3 is missing, there are 3 jobs")]
    [InlineData(new[] { 1, 2, 3 }, "2\n", "ali.3 is left of another run, as num_jobs says 2")]
    public void Read_of_a_folder_without_all_of_its_jobs_names_the_missing_one(int[] jobs, string? number, string expected)
    {
        foreach (var job in jobs)
            _folder.Write($"ali.{job}", $"u{job} 1 2\n");
        if (number is not null)
            _folder.Write("num_jobs", number);

        var error = Assert.Throws<InputException>(() => AlignmentSet.Read(_folder.Path, SomeTransitionModel.Make(false)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_an_utterance_in_two_files_names_both()
    {
        _folder.Write("ali.1", "u1 1 2\n");
        _folder.Write("ali.2", "u1 1 2\n");

        var error = Assert.Throws<InputException>(() => AlignmentSet.Read(_folder.Path, SomeTransitionModel.Make(false)));

        Assert.Matches("ali.2: utterance 'u1' comes twice, first in .*ali.1", error.Message);
    }

    [Fact]
    public void Read_of_an_id_beyond_the_model_names_file_and_utterance()
    {
        var file = _folder.Write("ali.ark", "good 1 2\nbad 1 7 2\n");

        var error = Assert.Throws<InputException>(() => AlignmentSet.Read(file, SomeTransitionModel.Make(false)));

        Assert.Contains("ali.ark: utterance 'bad', frame 1: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_nothing_says_what_it_looked_for() =>
        Assert.Throws<FileNotFoundException>(() => AlignmentSet.Read(_folder.Path, SomeTransitionModel.Make(false)));

    [Theory]
    [InlineData(new[] { 2, 1, 1, 4, 3, 6 }, new[] { 1, 5, 2, 1 })]
    [InlineData(new[] { 1, 1, 2, 3, 4, 6 }, new[] { 1, 5, 2, 1 })]
    [InlineData(new[] { 6, 5, 6, 5, 5 }, new[] { 2, 2, 2, 3 })]
    public void PhoneSegmentsOf_ends_phones_at_their_final_arcs(int[] transitions, int[] phonesAndFrames)
    {
        var segments = PhoneSegment.Split(transitions, SomeTransitionModel.Make(false));

        Assert.Equal(phonesAndFrames, segments.SelectMany(segment => new[] { segment.Phone, segment.Frames }));
    }

    [Fact]
    public void LogPriors_gives_rare_distributions_no_chance()
    {
        var priors = new PdfCounts([3, 1, 0]).LogPriors();

        Assert.Equal([MathF.Log(0.75f), MathF.Log(0.25f), MathF.Sqrt(float.MaxValue)], priors);
    }
}
