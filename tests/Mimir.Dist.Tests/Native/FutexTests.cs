using System.Diagnostics;
using Mimir.Dist.Native;

namespace Mimir.Dist.Tests.Native;

public sealed unsafe class FutexTests : IDisposable
{
    private readonly int* _word = (int*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(sizeof(int));

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.Free(_word);

    [Fact]
    public void A_sleeper_wakes_when_another_thread_changes_the_word()
    {
        var sleeper = new Thread(() =>
        {
            while (Volatile.Read(ref *_word) == 0)
                Futex.Sleep(_word, 0, TimeSpan.FromSeconds(20));
        });
        sleeper.Start();

        Volatile.Write(ref *_word, 1);
        Futex.WakeAll(_word);

        Assert.True(sleeper.Join(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Nobody_sleeps_on_a_word_that_has_changed_already()
    {
        var clock = Stopwatch.StartNew();

        Futex.Sleep(_word, 1, TimeSpan.FromSeconds(20));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }
}
