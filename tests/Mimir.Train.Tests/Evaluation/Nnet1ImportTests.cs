using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Tests.Evaluation;

public sealed class Nnet1ImportTests
{
    [SharedDataFact]
    public void Read_of_Kaldis_network_gives_Kaldis_log_likelihoods()
    {
        string At(string file) => SharedData.At($"goldens/kaldi/exp/dnn3x512/{file}");
        var features = KaldiTables.Matrix.Read($"ark:{At("test2.in.ark")}").ToList();
        var expected = KaldiTables.Matrix.Read($"ark:{At("test2.llk.txt.gz")}").ToDictionary();
        var corpus = new FrameCorpus(
            [.. features.Select(entry => entry.Key)],
            [.. features.Select(entry => entry.Value.Rows)],
            features[0].Value.Columns,
            [.. features.SelectMany(entry => entry.Value.Data)],
            targets: null,
            new DropReport("test2", features.Count, []));

        using var model = new AcousticModel(
            Nnet1Import.Read(Device.Cpu, At("final.feature_transform"), At("final.nnet")),
            PdfCounts.Read(At("ali_train_pdf.counts")).LogPriors());
        var got = model.Score(corpus).ToList();

        Assert.Equal(2, got.Count);
        foreach (var (utterance, scores) in got)
        {
            var reference = expected[corpus.Utterances[utterance]];
            Assert.Equal((reference.Rows, reference.Columns), (scores.Rows, scores.Columns));
            for (var i = 0; i < reference.Data.Length; i++)
                Assert.True(Math.Abs(reference.Data[i] - scores.Data[i]) <= 1e-3 + (1e-4 * Math.Abs(reference.Data[i])), $"{i}");
        }
    }

    [Fact]
    public void Read_of_a_network_that_no_block_computes_names_the_component()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "<Nnet> <LengthNormComponent> 2 2 </Nnet>");

        var error = Assert.Throws<InputException>(() => Nnet1Import.Read(Device.Cpu, file));

        File.Delete(file);
        Assert.Contains("component 1, <LengthNormComponent>", error.Message, StringComparison.Ordinal);
    }
}
