using Mimir.Base;
using Mimir.Dist.Transports;
using Mimir.Train.Data;
using Mimir.Train.Distribution;

namespace Mimir.Train.Tests.Distribution;

/// <summary>Two workers that do not train the same find it out when they join.</summary>
public sealed class WorkerFingerprintTests
{
    [Theory]
    [InlineData("seed=3", "'seed': 3, not ")]
    [InlineData("train.optimiser={sgd: {rate: 0.5}}", "'train.optimiser.sgd.rate': 0.5, not ")]
    [InlineData("train.batch.frames=17", "'train.batch.frames': 17, not ")]
    [InlineData("features.splice.left=2", "'features.splice.left': 2, not ")]
    [InlineData("augment={speed: [0.9, 1]}", "'augment.speed'")]
    [InlineData("distribute.update={ma: {period-frames: 7}}", "'distribute.update.ma.period-frames': 7, not nothing")]
    [InlineData("model=[{affine: {dim: 9}}, {softmax: {}}]", "'model.0.affine.dim': 9, not ")]
    public void Another_value_of_the_recipe_is_named_on_every_worker(string change, string named)
    {
        var refusals = Job(Recipe(), Recipe(change));

        Assert.All(refusals, refusal => Assert.Contains("worker 1 does not train what worker 0 does", refusal, StringComparison.Ordinal));
        Assert.All(refusals, refusal => Assert.Contains(named, refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("output=/tmp/other")]
    [InlineData("train.threads=2")]
    [InlineData("corpus.cache.folder=/tmp/cache")]
    [InlineData("corpus.train.dir=elsewhere")]
    public void What_is_about_one_machine_may_differ(string change) => Assert.All(Job(Recipe(), Recipe(change)), Assert.Null);

    [Fact]
    public void Another_build_is_named()
    {
        var other = Recipe();
        other = other with { Values = new Dictionary<string, string>(other.Values) { ["the program"] = "mimir 0.0.1" } };

        Assert.All(
            Job(Recipe(), other),
            refusal => Assert.Contains("'the program': mimir 0.0.1, not mimir ", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_sets_agree_though_their_last_digits_differ() =>
        Assert.All(Job(Set(Corpus()), Set(Corpus(change: value => value * (1 + 1e-6f)))), Assert.Null);

    [Fact]
    public void The_utterance_whose_audio_is_another_is_named()
    {
        var other = Corpus();
        other.FeaturesOf(0).ToArray().AsSpan().CopyTo(other.Features.AsSpan(other.FirstFrame(2) * other.Dim));

        Assert.All(
            Job(Set(Corpus()), Set(other)),
            refusal => Assert.Contains("other features of u2 in set 'train'", refusal, StringComparison.Ordinal));
    }

    [Fact]
    public void The_utterance_whose_alignment_is_another_is_named() => Assert.All(
        Job(Set(Corpus()), Set(Corpus(lastClass: 1))),
        refusal => Assert.Contains("other targets of u3 in set 'train'", refusal, StringComparison.Ordinal));

    [Fact]
    public void An_utterance_too_few_is_named() => Assert.All(
        Job(Set(Corpus()), Set(Corpus(utterances: 3))),
        refusal => Assert.Contains("lacks 1 of 4 utterances, such as u3, in set 'train'", refusal, StringComparison.Ordinal));

    [Fact]
    public void Another_order_is_named() => Assert.All(
        Job(Set(Corpus()), Reversed()),
        refusal => Assert.Contains("has the utterances in another order in set 'train'", refusal, StringComparison.Ordinal));

    [Fact]
    public void Another_initial_model_is_named() => Assert.All(
        Job(Model([0.1f, 0.2f, 0.3f]), Model([0.1f, 0.3f, 0.2f])),
        refusal => Assert.Contains("has another initial model", refusal, StringComparison.Ordinal));

    [Fact]
    public void Many_differences_are_counted() => Assert.All(
        Job(Set(Corpus(utterances: 40)), Set(Corpus(utterances: 40, change: value => value + 3))),
        refusal => Assert.Contains("; and 35 more. Start all workers", refusal, StringComparison.Ordinal));

    [Fact]
    public void A_message_that_makes_no_sense_is_a_refusal() =>
        Assert.Contains("makes no sense", FingerprintExchange.Refusal(1, WorkerFingerprint.Empty, [1, 2, 3]), StringComparison.Ordinal);

    private static WorkerFingerprint Recipe(params string[] changes) => WorkerFingerprint.Of(Some.Read(Some.Recipe, changes).Recipe);

    private static WorkerFingerprint Set(FrameCorpus corpus) => WorkerFingerprint.Empty with
    {
        Sets = new Dictionary<string, UtteranceMark[]> { ["train"] = UtteranceMark.Of(corpus) },
    };

    private static WorkerFingerprint Reversed() => WorkerFingerprint.Empty with
    {
        Sets = new Dictionary<string, UtteranceMark[]> { ["train"] = [.. UtteranceMark.Of(Corpus()).Reverse()] },
    };

    private static WorkerFingerprint Model(float[] values) => WorkerFingerprint.Empty with
    {
        Models = new Dictionary<string, ValuesMark> { ["initial model"] = ValuesMark.Of(values) },
    };

    private static FrameCorpus Corpus(int utterances = 4, int lastClass = 0, Func<float, float>? change = null)
    {
        const int Frames = 20;
        const int Dim = 3;
        var random = SeededRandom.Of(7, 0);
        float[] features = [.. Enumerable.Range(0, utterances * Frames * Dim).Select(_ => (random.Below(2000) / 1000f) - 1)];
        if (change is not null)
            features = [.. features.Select(change)];
        var classes = new int[utterances * Frames];
        classes[^1] = lastClass;
        return new(
            [.. Enumerable.Range(0, utterances).Select(i => $"u{i}")], [.. Enumerable.Repeat(Frames, utterances)], Dim, features,
            FrameTargets.FromClasses(classes), new("train", utterances, []));
    }

    // What each of two workers is told; null where they agree.
    private static string?[] Job(WorkerFingerprint first, WorkerFingerprint second)
    {
        var transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(60));
        var refusals = new string?[2];
        var other = new Thread(() => refusals[1] = Refusal(transports[1], second));
        other.Start();
        refusals[0] = Refusal(transports[0], first);
        other.Join();
        return refusals;
    }

    private static string? Refusal(ITransport transport, WorkerFingerprint own) =>
        (Record.Exception(() => FingerprintExchange.Compare(transport, own)) as InputException)?.Message;
}
