using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Tests.Nnet1;

public sealed class Nnet1FileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("nnet1_steps/Sigmoid.init.nnet", false)]
    [InlineData("nnet1_steps/Tanh.lr008.nnet", false)]
    [InlineData("nnet1_steps/lstm.init.nnet.gz", false)]
    [InlineData("nnet1_steps/transf.nnet", false)]
    [InlineData("nnet1_steps/Sigmoid.lr008.bin.nnet", true)]
    [InlineData("nnet1_steps/Sigmoid.l2.nnet", false)]
    [InlineData("nnet1_steps/Sigmoid.mb64.nnet", false)]
    [InlineData("nnet1_steps/Sigmoid.mmt09.nnet", false)]
    [InlineData("nnet1_steps/lstm.ms4x20.nnet.gz", false)]
    [InlineData("nnet1_steps/splice.nnet", false)]
    [InlineData("exp/dnn3x512/final.nnet", true)]
    [InlineData("exp/dnn3x512/final.feature_transform", false)]
    [InlineData("../../corpora/aishell-sample/dnn4_fbank/final.nnet.gz", true)]
    [InlineData("../../corpora/aishell-sample/lstm2_fbank/final.nnet.gz", true)]
    public void Write_gives_the_bytes_that_were_read(string name, bool binary)
    {
        var golden = SharedData.At($"goldens/kaldi/{name}");

        Nnet1File.Read(golden).Write(_folder.At("n"), binary);

        using var kaldi = new MemoryStream();
        using (var source = KaldiInput.Open(golden))
            source.CopyTo(kaldi);
        Assert.Equal(kaldi.ToArray(), File.ReadAllBytes(_folder.At("n")));
    }

    [SharedDataTheory]
    [InlineData("Sigmoid.lr008.nnet", "Sigmoid.forward-post.txt.gz")]
    [InlineData("lstm.perutt1.nnet.gz", "lstm.perutt1.forward-post.txt.gz")]
    public void Network_gives_kaldis_posteriors(string network, string posteriors)
    {
        var folder = SharedData.At("goldens/kaldi/nnet1_steps");
        NnetComponent[] components =
            [.. Nnet1File.Read($"{folder}/transf.nnet").Components, .. Nnet1File.Read($"{folder}/{network}").Components];
        var first = KaldiTables.Matrix.Read($"ark:{folder}/feats.ark").First();

        var output = ReferenceForward.Run(components, ReferenceForward.Rows(first.Value));

        using var reader = new StreamReader(KaldiInput.Open($"{folder}/{posteriors}"));
        Assert.StartsWith(first.Key, reader.ReadLine(), StringComparison.Ordinal);
        for (var frame = 0; frame < 40; frame++)
            AssertNear(reader.ReadLine()!.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(double.Parse), output[frame], 1e-4);
    }

    [SharedDataFact]
    public void Deep_network_gives_kaldis_log_likelihoods()
    {
        var folder = SharedData.At("goldens/kaldi/exp/dnn3x512");
        var priors = PdfCounts.Read($"{folder}/ali_train_pdf.counts").LogPriors();
        var transform = Nnet1File.Read($"{folder}/final.feature_transform").Components;
        var network = Nnet1File.Read($"{folder}/final.nnet").Components;
        var golden = KaldiTables.Matrix.Read($"ark:{folder}/test2.llk.txt.gz").ToDictionary();

        foreach (var (key, features) in KaldiTables.Matrix.Read($"ark:{folder}/test2.in.ark"))
        {
            // Some frames at both ends show every layer and the splicing of the edges.
            var spliced = ReferenceForward.Run(transform, ReferenceForward.Rows(features));
            int[] frames = [0, 1, 4, 5, 50, features.Rows - 3, features.Rows - 1];
            var output = ReferenceForward.Run(network.SkipLast(1), [.. frames.Select(frame => spliced[frame])]);
            for (var i = 0; i < frames.Length; i++)
            {
                AssertNear(
                    golden[key].Row(frames[i]).ToArray().Select(value => (double)value),
                    [.. output[i].Select((value, pdf) => value - priors[pdf])],
                    1e-3);
            }
        }
    }

    [SharedDataTheory]
    [InlineData("dnn4_fbank", 440, 10)]
    [InlineData("lstm2_fbank", 40, 5)]
    public void Networks_of_real_speech_are_read(string name, int inputs, int components)
    {
        var file = Nnet1File.Read(SharedData.At($"corpora/aishell-sample/{name}/final.nnet.gz"));

        Assert.Equal((inputs, 512), (file.InputDim, file.OutputDim));
        Assert.Equal(components, file.Components.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_of_every_component_reads_back(bool binary)
    {
        var file = new Nnet1File(All());

        file.Write(_folder.At("a"), binary);
        var read = Nnet1File.Read(_folder.At("a"));
        read.Write(_folder.At("b"), binary);

        Assert.Equal(file.Components.Select(component => component.Name), read.Components.Select(component => component.Name));
        Assert.Equal(File.ReadAllBytes(_folder.At("a")), File.ReadAllBytes(_folder.At("b")));
        Assert.Equal(0.25f, read.Components.OfType<Dropout>().Single().Rate);
        Assert.Equal([1, 0], read.Components.OfType<Copy>().Single().Indices);
    }

    [Fact]
    public void Read_understands_old_files()
    {
        var path = _folder.Write(
            "old",
            "<nnet> <affinetransform> 2 1 <MaxNorm> 3 [ 1 ; 2 ] [ 0 1 ]\n<Sigmoid> 2 2\n"
            + "<Dropout> 2 2 <DropoutRetention> 0.75 <!EndOfComponent>\n"
            + "<LstmProjectedStreams> 1 2 <CellDim> 1 <ClipGradient> 5 [ 1 1 ; 1 1 ; 1 1 ; 1 1 ] "
            + "[ 1 ; 1 ; 1 ; 1 ] [ 0 0 0 0 ] [ 0 ] [ 0 ] [ 0 ] [ 1 ]\n</nnet>\n");

        var file = Nnet1File.Read(path);

        Assert.Equal(["AffineTransform", "Sigmoid", "Dropout", "LstmProjected"], file.Components.Select(component => component.Name));
        Assert.Equal(0.25f, ((Dropout)file.Components[2]).Rate);
        Assert.Equal(5, ((LstmProjected)file.Components[3]).Training.GradClip);
        Assert.Equal(1, ((AffineTransform)file.Components[0]).LearnRateCoef);
    }

    [Theory]
    [InlineData("<Nnet> <Frobnicate> 2 2 </Nnet>", "<Frobnicate>")]
    [InlineData("<Nnet> <Sigmoid> 2 2 <Sigmoid> 3 3 </Nnet>", "Component 2 (Sigmoid) takes 3 inputs")]
    [InlineData("<Nnet> <AffineTransform> 2 2 [ 1 2 ] [ 1 2 ] </Nnet>", "expected weights of 2 x 2, got 1 x 2")]
    [InlineData("<Nnet> <AffineTransform> 1 1 <Wrong> 1 [ 1 ] [ 1 ] </Nnet>", "'<Wrong>'")]
    [InlineData("<Nnet> <AffineTransform> 1 1 [ nan ] [ 1 ] </Nnet>", "finite weights")]
    [InlineData("<Nnet> <Copy> 1 1 [ 2 ] </Nnet>", "indices from 1 to 1")]
    [InlineData("<Nnet> <AffineTransform> 1 ", "expected a number")]
    public void Read_of_damaged_file_says_why(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => Nnet1File.Read(_folder.Write("bad.nnet", text)));

        Assert.Contains("bad.nnet: byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    internal static NnetComponent[] All()
    {
        FloatMatrix Filled(int rows, int columns) => new(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => i * 0.1f)]);
        LstmParameters Lstm(int inputs, int cells, int projections) => new(
            Filled(4 * cells, inputs), Filled(4 * cells, projections), new float[4 * cells],
            new float[cells], new float[cells], new float[cells], Filled(projections, cells));
        return
        [
            new Splice(1, [-1, 0, 1]), new AddShift([1, 2, 3]) { LearnRateCoef = 0 }, new Rescale([1, 2, 3]),
            new AffineTransform(Filled(2, 3), [1, 2]) { MaxNorm = 1 }, new ParametricRelu([1, 1], [0, 0.25f]) { BetaLearnRateCoef = 0.75f },
            new Tanh(2), new Sigmoid(2), new Dropout(2) { Rate = 0.25f }, new LinearTransform(Filled(2, 2)), new Copy(2, [1, 0]),
            new LstmProjected(Lstm(2, 3, 2), new LstmTraining()),
            new BlstmProjected(Lstm(2, 3, 1), Lstm(2, 3, 1), new LstmTraining()), new Softmax(2),
        ];
    }

    private static void AssertNear(IEnumerable<double> expected, double[] actual, double tolerance)
    {
        var (want, index) = (expected.Where(double.IsFinite).ToArray(), 0);
        Assert.Equal(want.Length, actual.Length);
        Assert.All(want, value =>
        {
            var allowed = tolerance + (1e-5 * Math.Abs(value));
            Assert.InRange(actual[index++] - value, -allowed, allowed);
        });
    }
}
