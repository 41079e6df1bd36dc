using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Alignments;

public sealed class TransitionModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri1")]
    public void Write_gives_the_bytes_of_kaldis_model(string name)
    {
        var golden = SharedData.At($"goldens/kaldi/exp/{name}/final.mdl");
        var model = TransitionModel.Read(golden);

        model.Write(_folder.At("b"));
        model.Write(_folder.At("t"), binary: false);

        var bytes = File.ReadAllBytes(_folder.At("b"));
        Assert.Equal(File.ReadAllBytes(golden)[..bytes.Length], bytes);
        var text = File.ReadAllText(_folder.At("t"));
        using var kaldi = new StreamReader(KaldiInput.Open($"{golden}.txt.gz"));
        Assert.Equal(kaldi.ReadToEnd()[..text.Length], text);
        Assert.EndsWith("</TransitionModel> \n", text, StringComparison.Ordinal);
    }

    [SharedDataTheory]
    [InlineData("mono")]
    [InlineData("tri1")]
    public void Model_has_the_figures_of_hmm_info_and_show_transitions(string name)
    {
        var folder = SharedData.At($"goldens/kaldi/exp/{name}");
        var model = TransitionModel.Read($"{folder}/final.mdl");
        var phones = File.ReadLines(SharedData.At("goldens/kaldi/exp/lang/phones.txt")).Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => int.Parse(words[1]));

        var info = File.ReadLines($"{folder}/hmm-info.txt").Select(line => int.Parse(line.Split(' ')[^1])).ToList();
        Assert.Equal(info, [model.Topology.Phones.Count, model.PdfCount, model.TransitionCount, model.Tuples.Count]);
        var (phone, state, pdf, seen) = (0, 0, 0, 0);
        var lines = File.ReadLines($"{folder}/show-transitions.txt");
        foreach (var words in lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (words[0] == "Transition-state")
            {
                (phone, state, pdf) = (phones[words[4]], int.Parse(words[7]), int.Parse(words[10]));
                continue;
            }

            var id = int.Parse(words[2]);
            Assert.Equal((++seen, phone, state, pdf), (id, model.PhoneOf(id), model.HmmStateOf(id), model.PdfOf(id)));
            Assert.Equal(words[6] == "[self-loop]", model.IsSelfLoop(id));
            Assert.Equal(double.Parse(words[5]), Math.Exp(model.LogProbabilityOf(id)), 1e-5);
            if (!model.IsSelfLoop(id))
                Assert.Equal($"{model.DestinationOf(id)}]", words[8]);
        }

        Assert.Equal(model.TransitionCount, seen);
    }

    [SharedDataFact]
    public void Topology_is_read_from_text()
    {
        using var reader = KaldiReader.Open(SharedData.At("goldens/kaldi/exp/lang/topo"));

        Assert.Equal(20, TopologyFormat.Read(reader, binary: false).Phones.Count);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Write_of_a_made_model_reads_back(bool binary, bool chain)
    {
        var model = SomeTransitionModel.Make(chain);

        model.Write(_folder.At("m"), binary);
        var read = TransitionModel.Read(_folder.At("m"));

        Assert.Equal(model.Tuples, read.Tuples);
        Assert.Equal(model.ToPdfMap(), read.ToPdfMap());
        for (var id = 1; id <= model.TransitionCount; id++)
            Assert.Equal(model.LogProbabilityOf(id), read.LogProbabilityOf(id), 1e-6f);
        Assert.Equal(chain ? [-1, 1, 0, 3, 2, 5, 4] : [-1, 0, 0, 1, 1, 2, 2], read.ToPdfMap());
    }

    [Fact]
    public void Read_of_truncated_model_names_the_byte()
    {
        SomeTransitionModel.Make(false).Write(_folder.At("m"));
        var half = _folder.Write("half.mdl", File.ReadAllBytes(_folder.At("m"))[..100]);

        var error = Assert.Throws<InputException>(() => TransitionModel.Read(half));
        Assert.Contains("half.mdl: byte ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PdfOf_beyond_the_model_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SomeTransitionModel.Make(false).PdfOf(7));

    [Fact]
    public void Scaled_log_probability_scales_the_self_loop_and_the_choice_of_an_arc_apart()
    {
        HmmState[] states =
        [
            new(0, 0, [new(0, 0.5f), new(1, 0.3f), new(2, 0.2f)]),
            new(1, 1, [new(2, 1f)]),
            new(-1, -1, []),
        ];
        var model = new TransitionModel(new HmmTopology([new TopologyEntry([1], states)]), [new(1, 0, 0), new(1, 1, 1)]);

        Assert.Equal(1, model.SelfLoopOf(0));
        Assert.Null(model.SelfLoopOf(1));
        Assert.Equal(Math.Log(0.5), model.LeavingLogProbabilityOf(0), 1e-6);
        Assert.Equal(0, model.LeavingLogProbabilityOf(1));
        Assert.Equal(0.1 * Math.Log(0.5), model.ScaledLogProbabilityOf(1, 1, 0.1f), 1e-6);
        Assert.Equal((0.1 * Math.Log(0.5)) + Math.Log(0.6), model.ScaledLogProbabilityOf(2, 1, 0.1f), 1e-6);
        Assert.Equal(0.5 * Math.Log(0.3), model.ScaledLogProbabilityOf(2, 0.5f, 0.5f), 1e-6);
    }
}
