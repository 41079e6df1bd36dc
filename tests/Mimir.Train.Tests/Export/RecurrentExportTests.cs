using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Evaluation;
using Mimir.Train.Export;

namespace Mimir.Train.Tests.Export;

public sealed class RecurrentExportTests : IDisposable
{
    private const int Dim = 4, Classes = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-recurrent-").FullName;

    public static TheoryData<BlockSpec> Layers =>
    [
        new LstmSpec(6) { Projection = 5, ParamRange = 0.5f }, new LstmSpec(6) { Peepholes = false, ParamRange = 0.5f },
        new BlstmSpec(6) { Projection = 5, ParamRange = 0.5f }, new BlstmSpec(5) { Peepholes = false, GradClip = 3, LearnRateCoef = 0.5f },
    ];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Network_for_Kaldi_computes_the_same_and_comes_back(BlockSpec layer)
    {
        using var graph = new LayerGraph(
            new GraphSpec(Dim, [
                new("splice", new SpliceSpec([5])), new("norm", new BatchNormSpec()), new("recurrent", layer),
                    new("tanh", new ActivationSpec(Activation.Tanh)),
                new("output", new AffineSpec { OutputDim = Classes, ParamStddev = 0.5f }), new("softmax", new SoftmaxSpec())]),
            Device.Cpu);
        graph.Initialise(3);
        ModelFolder.Save(At("model"), graph);

        ModelExport.Run(Options("model", "first.nnet"));
        ModelImport.Run([At("first.nnet")], At("again"));
        ModelExport.Run(Options("again", "second.nnet"));

        using var back = ModelFolder.Load(At("again"), Device.Cpu);
        Assert.Equal(File.ReadAllBytes(At("first.nnet")), File.ReadAllBytes(At("second.nnet")));
        Assert.InRange(SomeNetwork.Largest(Posteriors(graph), Posteriors(back)), 0, 2e-6);
        Assert.InRange(SomeNetwork.Largest(Posteriors(graph), Pipeline("first.nnet")), 0, 2e-6);
        Assert.Equal([5], Nnet1File.Read(At("first.nnet")).Components.OfType<Splice>().Single().Offsets);
    }

    [Theory]
    [InlineData("<LstmProjectedStreams>", "<ClipGradient>")]
    [InlineData("<BlstmProjectedStreams>", "<GradClip>")]
    public void Import_of_an_old_file_keeps_what_it_says(string name, string clip)
    {
        NnetComponent layer = name.StartsWith("<L", StringComparison.Ordinal) ? SomeComponents.Lstm(Dim, 6, 5)
            : SomeComponents.Blstm(Dim, 6, 5);
        new Nnet1File([layer, SomeComponents.Affine(layer.OutputDim, Classes), new Softmax(Classes)]).Write(At("new.nnet"), binary: false);
        var text = File.ReadAllText(At("new.nnet")).Replace($"<{layer.Name}>", name, StringComparison.Ordinal)
            .Replace("<GradClip> 250", $"{clip} 7", StringComparison.Ordinal);
        File.WriteAllText(At("old.nnet"), text);

        ModelImport.Run([At("old.nnet")], At("m"));
        ModelExport.Run(Options("m", "out.nnet"));

        Assert.Contains(clip, text, StringComparison.Ordinal);
        var training = Nnet1File.Read(At("out.nnet")).Components[0] switch
        {
            LstmProjected lstm => lstm.Training,
            BlstmProjected blstm => blstm.Training,
            _ => null,
        };
        Assert.Equal(new LstmTraining { GradClip = 7 }, training);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static float[] Frames() => [.. Enumerable.Range(0, 30 * Dim).Select(i => MathF.Sin(i * i))];

    private static float[] Posteriors(LayerGraph graph)
    {
        using var table = new FrameTable(Device.Cpu, Frames(), Dim, [30]);
        return graph.Posteriors(table, [.. Enumerable.Range(0, 30)], sequences: new SequenceLayout([30])).ToArray();
    }

    private float[] Pipeline(string file)
    {
        using var pipeline = new Nnet1Pipeline(Device.Cpu, Nnet1File.Read(At(file)).Components, file);
        return pipeline.Forward(new FloatMatrix(30, Dim, Frames())).Data;
    }

    private ExportOptions Options(string model, string output) =>
        new() { Sources = [At(model)], Format = ExportFormat.KaldiNnet1, Output = At(output) };

    private string At(string name) => Path.Combine(_folder, name);
}
