using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class TokenTableTests
{
    [Fact]
    public void FindOrInsert_random_states_keeps_buckets_in_first_use_order_and_entries_in_insertion_order()
    {
        var random = new Random(4);
        var table = new TokenTable();
        for (var round = 0; round < 20; round++)
        {
            table.Detach(out _);
            table.Resize(5 + (3 * round));
            var buckets = new List<List<int>>();
            for (var i = 0; i < 200; i++)
            {
                var state = random.Next(80);
                var bucket = buckets.Find(b => b[0] % table.Size == state % table.Size);
                if (bucket is null)
                    buckets.Add([state]);
                else if (!bucket.Contains(state))
                    bucket.Add(state);

                Assert.Equal(state, table[table.FindOrInsert(state)].State);
            }

            Assert.Equal(buckets.SelectMany(bucket => bucket), States(table.Head, entry => table[entry]));
            var old = table.Detach(out var head);
            Assert.Equal(buckets.SelectMany(bucket => bucket), States(head, entry => old[entry]));
            Assert.Equal(-1, table.Head);
        }
    }

    private static IEnumerable<int> States(int head, Func<int, TokenEntry> at)
    {
        for (var entry = head; entry >= 0; entry = at(entry).Next)
            yield return at(entry).State;
    }
}
