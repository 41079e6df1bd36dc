using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Data.Streaming;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data.Streaming;

public sealed class FrameRingTests : IDisposable
{
    private const int Dim = 2;
    private static readonly int[] Lengths = [5, 3, 8, 1, 6, 7, 2, 4];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-ring-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(16, 0)]
    [InlineData(17, 10)]
    [InlineData(36, 100)]
    public void Place_brings_the_frames_of_any_batch_into_the_table(int frames, int ahead)
    {
        using var set = Set(new Numbered());
        using var ring = Ring(set, frames, ahead);
        using var splice = new LayerGraph(new GraphSpec(Dim, [new("splice", new SpliceSpec([0, 1]))]), Device.Cpu);
        var random = new SeededRandom(5);

        for (var batch = 0; batch < 200; batch++)
        {
            if (batch % 3 == 0 && ring.HasRoom)
                ring.Expect([random.BelowExactly(set.Frames), random.BelowExactly(set.Frames)]);
            var rows = new int[] { random.BelowExactly(set.Frames), 0, random.BelowExactly(4) };

            var seen = splice.Forward(ring.Table, ring.Place(rows), PassMode.Evaluate).ToArray();

            // The frame after an utterance's last one is the last one.
            int[] lasts = [4, 7, 15, 16, 22, 29, 31, 35];
            var next = rows.Select(row => lasts.Contains(row) ? row : row + 1);
            Assert.Equal(rows.Zip(next).SelectMany(pair => (float[])[pair.First, -pair.First, pair.Second, -pair.Second]), seen);
        }
    }

    [Fact]
    public void Place_reads_an_utterance_once_while_it_is_there()
    {
        var features = new Numbered();
        using var set = Set(features);
        using var ring = Ring(set, set.Frames, set.Frames);
        ring.Expect([0, 1, 2, 35]);

        ring.Place([0, 4, 35]);
        ring.Place([2]);

        Assert.Equal(2, features.Reads);
    }

    [Fact]
    public void Place_fails_with_the_utterance_that_cannot_be_read_and_not_before_it_is_needed()
    {
        using var set = Set(new Numbered { Broken = "u2" });
        using var ring = Ring(set, 30, 30);
        ring.Expect([8]);
        ring.Place([0, 5]);

        var error = Assert.Throws<InputException>(() => ring.Place([9]).ToArray());

        Assert.Equal("u2 is broken", error.Message);
    }

    [Fact]
    public void Place_gives_nan_for_an_utterance_that_cannot_be_read_where_the_run_goes_on()
    {
        var said = new List<string>();
        using var set = Set(new Numbered { Broken = "u2" });
        using var ring = new FrameRing(set, Device.Cpu, 30, 30, threads: 1, TimeProvider.System, _ => { }, said.Add);
        using var splice = new LayerGraph(new GraphSpec(Dim, [new("splice", new SpliceSpec([0]))]), Device.Cpu);

        var seen = splice.Forward(ring.Table, ring.Place([7, 9]), PassMode.Evaluate).ToArray();

        Assert.Equal([7, -7, float.NaN, float.NaN], seen);
        Assert.Equal(["u2 is broken"], said);
    }

    [Fact]
    public void Begin_forgets_what_was_expected()
    {
        using var set = Set(new Numbered { Broken = "u2" });
        using var ring = Ring(set, 30, 8);
        ring.Expect([8]);
        Assert.False(ring.HasRoom);

        ring.Begin(epoch: 2);

        Assert.True(ring.HasRoom);
    }

    [Fact]
    public void Place_refuses_a_batch_that_the_ring_has_no_room_for()
    {
        using var set = Set(new Numbered());
        using var ring = Ring(set, 9, 0);

        var error = Assert.Throws<InvalidOperationException>(() => ring.Place([0, 6, 9]).ToArray());

        Assert.Contains("too small", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(70_000)]
    public void Classes_of_frames_are_those_that_were_written_in_any_order(int classes)
    {
        using var writer = new ClassFile.Writer(_folder.FullName, classes);
        var second = writer.Add([classes - 1, 1]);
        var first = writer.Add([2, 0, 2]);

        using var file = writer.Finish([0, 3, 3, 5], [first, 0, second]);

        Assert.Equal([2, 0, 2, classes - 1, 1], Enumerable.Range(0, 5).Select(file.ClassOf));
        Assert.Equal((1, 1, 2), (file.Counts[0], file.Counts[1], file.Counts[2]));
        Assert.Empty(_folder.GetFiles());
    }

    private static FrameRing Ring(StreamedSet set, int frames, int ahead) =>
        new(set, Device.Cpu, frames, ahead, threads: 2, TimeProvider.System, _ => { });

    private StreamedSet Set(IUtteranceFeatures features)
    {
        var utterances = Lengths.Select((_, i) => new Utterance($"u{i}", "s", "", null, null, null)).ToArray();
        var firsts = UtteranceOrder.FirstRows(Lengths);
        using var writer = new ClassFile.Writer(_folder.FullName, 1);
        var places = Lengths.Select(length => writer.Add(new int[length])).ToArray();
        var index = new StreamIndex(
            utterances, Lengths, firsts, Dim, writer.Finish(firsts, places), new DropReport("train", Lengths.Length, []));
        var none = new SpeakerNormalisation(new CmvnRecipe { Per = CmvnScope.None });
        return new(index, features, none, none.Prepare(utterances, Dim, null, () => []), deltas: null, masks: null);
    }

    /// <summary>Frame n of the set is (n, -n).</summary>
    private sealed class Numbered : IUtteranceFeatures
    {
        private int _reads;

        public string? Broken { get; init; }

        public int Reads => _reads;

        public (int Frames, Drop? Drop) Count(Utterance utterance) => throw new NotSupportedException();

        public FloatMatrix Read(Utterance utterance)
        {
            Interlocked.Increment(ref _reads);
            if (utterance.Id == Broken)
                throw new InputException($"{utterance.Id} is broken");

            var place = int.Parse(utterance.Id[1..], System.Globalization.CultureInfo.InvariantCulture);
            var matrix = new FloatMatrix(Lengths[place], Dim);
            for (var frame = 0; frame < matrix.Rows; frame++)
            {
                matrix[frame, 0] = Lengths[..place].Sum() + frame;
                matrix[frame, 1] = -matrix[frame, 0];
            }

            return matrix;
        }
    }
}
