using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Tests.Nnetbin;

[Collection("threads")]
public sealed class NnetTrainMultistreamToolTests : IDisposable
{
    private const string Streams = "nnet-train-multistream", Whole = "nnet-train-multistream-perutt";

    private readonly ToyNnet _toy = new(60, 45, 70, 33, 52, 41, 47);

    public NnetTrainMultistreamToolTests()
    {
        _toy.Write("lstm.nnet", SomeComponents.Lstm(12, 6, 5), SomeComponents.Affine(5, ToyNnet.Classes), new Softmax(ToyNnet.Classes));
        _toy.Write("blstm.nnet", SomeComponents.Blstm(12, 6, 4), SomeComponents.Affine(8, ToyNnet.Classes), new Softmax(ToyNnet.Classes));
    }

    [Theory]
    [InlineData(Streams, "lstm.nnet", "--batch-size=10")]
    [InlineData(Streams, "blstm.nnet", "--batch-size=10")]
    [InlineData(Streams, "init.nnet", "--batch-size=7")]
    [InlineData(Whole, "lstm.nnet", "--max-frames=8000")]
    [InlineData(Whole, "blstm.nnet", "--max-frames=130")]
    public void Run_as_the_scheduler_calls_it_learns_and_can_be_parsed(string tool, string network, string option)
    {
        string[] options = ["--num-streams=2", "--verbose=0", option];
        var before = _toy.TrainWith(tool, network, null, [.. options, "--randomize=false"]).Loss();
        var model = network;
        for (var epoch = 1; epoch <= 3; epoch++)
        {
            var next = $"nnet_iter{epoch}";
            _toy.TrainWith(tool, model, next, [
                .. options, "--cross-validate=false", "--randomize=true", "--learn-rate=0.01", "--momentum=0.5", "--l1-penalty=0",
                "--l2-penalty=0"]).Loss();
            model = next;
        }

        var after = _toy.TrainWith(tool, model, null, [.. options, "--randomize=false"]).Loss();

        Assert.True(after < before - 0.02, $"{before} became {after}");
        Assert.Equal(
            Nnet1File.Read(_toy.At(network)).Components.Select(c => c.Name), Nnet1File.Read(_toy.At(model)).Components.Select(c => c.Name));
    }

    [Fact]
    public void Run_tells_what_Kaldi_tells()
    {
        var log = _toy.TrainWith(Streams, "lstm.nnet", "out.nnet", "--num-streams=3", "--batch-size=20").Errors;

        Assert.Contains("LOG (nnet-train-multistream) TRAINING STARTED\n", log, StringComparison.Ordinal);
        Assert.Contains("### After 0 frames,\nLOG (nnet-train-multistream) num-components 3\n", log, StringComparison.Ordinal);
        Assert.Contains("No more data to re-fill one of the streams, end of the training!\n", log, StringComparison.Ordinal);
        Assert.Contains("[1] output of <LstmProjected> ( min ", log, StringComparison.Ordinal);
        Assert.Contains("\n  w_gifo_r_corr_   ( min ", log, StringComparison.Ordinal);
        Assert.Contains("PER-CLASS PERFORMANCE:\n@@@ Frames per-class: [ ", log, StringComparison.Ordinal);
        Assert.Contains(" frames per sec, GPU_time ", log, StringComparison.Ordinal);
        Assert.Equal(2, log.Split("### GRADIENT STATS").Length - 1);
    }

    [Fact]
    public void Run_on_whole_utterances_leaves_one_out_as_Kaldi()
    {
        var run = _toy.TrainWith(Whole, "lstm.nnet", "out.nnet", "--num-streams=4");

        Assert.Contains("Done 6 files, 0 with no tgt_mats, 0 with other errors. [TRAINING, ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Read() started... Buffer size in MB: 0, max 3072, having 0 utterances.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_passes_over_what_does_not_fit_and_says_so()
    {
        using (var frames = KaldiTables.FloatVector.Create($"ark:{_toy.At("frames.ark")}"))
        {
            foreach (var (utterance, length) in new[] { (0, 60), (1, 45), (2, 60), (3, 33), (4, 52), (5, 41) })
                frames.Write($"utt{utterance}", SomeComponents.Values(length, utterance == 1 ? 0 : 1));
        }

        using (var features = KaldiTables.Matrix.Create($"ark:{_toy.At("more.ark")}"))
        {
            features.Write("other", new FloatMatrix(70, ToyNnet.Dim));
            foreach (var (key, value) in KaldiTables.Matrix.Read($"ark:{_toy.At("feats.ark")}").ToList())
                features.Write(key, value);
        }

        _toy.Features = "more.ark";
        var run = _toy.TrainWith(
            Streams, "lstm.nnet", "out.nnet", "--num-streams=2", $"--frame-weights=ark:{_toy.At("frames.ark")}");

        Assert.True(run.Status == 0, run.Errors);
        Assert.Contains("other, missing targets", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Length mismatch! Targets 70, features 70, utt2", run.Errors, StringComparison.Ordinal);
        Assert.Contains("utt6, missing frame-weights", run.Errors, StringComparison.Ordinal);

        // An utterance without weight flows through its stream like others.
        Assert.Contains("Done 5 files, 1 with no tgt_mats, 2 with other errors.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_with_squared_error_reports_it()
    {
        _toy.Write("mse.nnet", SomeComponents.Lstm(12, 6, 5), SomeComponents.Affine(5, ToyNnet.Classes));

        var run = _toy.TrainWith(Streams, "mse.nnet", "out.nnet", "--objective-function=mse", "--num-streams=2");

        Assert.Contains("(Mse), [RMS ", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Streams, "lstm.nnet", "--num-streams=0", "--num-streams: expected 1 or more, got 0")]
    [InlineData(Streams, "lstm.nnet", "--batch-size=0", "--batch-size: expected 1 or more, got 0")]
    [InlineData(Streams, "lstm.nnet", "--num-streams=20", "No batch came together of 7 utterances")]
    [InlineData(Whole, "lstm.nnet", "--max-frames=0", "--max-frames: expected 1 or more, got 0")]
    [InlineData(Streams, "splice.nnet", "--momentum=0", "put it into --feature-transform")]
    [InlineData(Whole, "splice.nnet", "--momentum=0", "put it into --feature-transform")]
    [InlineData(Streams, "both.nnet", "--momentum=0", "nnet-train-multistream-perutt")]
    [InlineData(Streams, "lstm.nnet", "--learn-rate=3e38", "diverges")]
    [InlineData(Whole, "lstm.nnet", "--objective-function=mse", "objective-function")]
    public void Run_with_a_fault_names_it_and_writes_no_model(string tool, string network, string option, string expected)
    {
        _toy.Write(
            "splice.nnet", new Splice(12, [5]), SomeComponents.Lstm(12, 6, 5), SomeComponents.Affine(5, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes));
        _toy.Write(
            "both.nnet", SomeComponents.Lstm(12, 6, 5), SomeComponents.Blstm(5, 6, 4), SomeComponents.Affine(8, ToyNnet.Classes),
            new Softmax(ToyNnet.Classes));

        var run = _toy.TrainWith(tool, network, "out.nnet", option);

        Assert.NotEqual(0, run.Status);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_toy.At("out.nnet")));
    }

    public void Dispose() => _toy.Dispose();
}
