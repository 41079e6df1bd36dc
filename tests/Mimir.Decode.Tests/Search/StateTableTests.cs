using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class StateTableTests
{
    [Fact]
    public void FindOrInsert_random_states_keeps_buckets_in_first_use_order_and_entries_in_insertion_order()
    {
        var random = new Random(4);
        var table = new StateTable();
        for (var round = 0; round < 20; round++)
        {
            table.Clear();
            table.Resize(5 + (3 * round));
            var (states, order) = (new List<int>(), Array.Empty<int>());
            var buckets = new List<List<int>>();
            for (var i = 0; i < 200; i++)
            {
                var state = random.Next(80);
                var bucket = buckets.Find(b => b[0] % table.Size == state % table.Size);
                if (bucket is null)
                    buckets.Add([state]);
                else if (!bucket.Contains(state))
                    bucket.Add(state);

                var token = table.FindOrInsert(state);
                if (token == states.Count)
                    states.Add(state);

                Assert.Equal(state, states[token]);
            }

            table.List(ref order);
            Assert.Equal(buckets.SelectMany(bucket => bucket), order.Take(table.Count).Select(token => states[token]));
        }
    }
}
