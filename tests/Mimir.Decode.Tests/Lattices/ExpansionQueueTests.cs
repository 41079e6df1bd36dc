using Mimir.Decode.Lattices;

namespace Mimir.Decode.Tests.Lattices;

public sealed class ExpansionQueueTests
{
    [Fact]
    public void TryDequeue_gives_the_least_cost_first()
    {
        var random = new Random(2);
        var queue = new ExpansionQueue<int>();
        var waiting = new List<int>();
        for (var step = 0; step < 2000; step++)
        {
            if (random.Next(3) > 0)
            {
                waiting.Add(random.Next(50));
                queue.Enqueue(waiting[^1], waiting[^1]);
            }
            else if (queue.TryDequeue(out var least))
            {
                Assert.Equal(waiting.Min(), least);
                waiting.Remove(least);
            }
        }
    }

    [Fact]
    public void TryDequeue_equal_costs_come_in_the_order_of_the_cpp_heap()
    {
        var queue = new ExpansionQueue<char>();
        foreach (var item in "abcde")
            queue.Enqueue(item, 1);

        var order = "";
        while (queue.TryDequeue(out var item))
            order += item;

        Assert.Equal(CppOrder, order);
    }

    // std::priority_queue of five equal costs, pushed a to e.
    private const string CppOrder = "acebd";
}
