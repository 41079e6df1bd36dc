using System.Text.Json;
using Mimir.Bench;
using Mimir.Bench.Rungs;

// mimir-bench [--quick] [--cpu-time] [rung ...]: measures, and writes artifacts/bench.json. --cpu-time counts processor
// time of one thread instead of the wall's, for a machine that others use too.
if (args is ["allreduce-worker", .. var worker])
    return AllReduceWorker.Run(worker);

IRung[] rungs =
[
    new DnnStepRung(), new LstmMemoryRung(), new LstmStepRung(), new FeaturesRung(), new ExtractCommandRung(),
    new TrainCommandRung(), new AllReduceRung(),
];
var quick = args.Contains("--quick");
Stopwatches.ByProcessorTime = args.Contains("--cpu-time");
var chosen = args.Where(arg => arg is not ("--quick" or "--cpu-time")).ToHashSet(StringComparer.Ordinal);
if (chosen.FirstOrDefault(name => rungs.All(rung => rung.Name != name)) is { } unknown)
{
    Console.Error.WriteLine(
        $"Expected --quick, --cpu-time or a rung ({string.Join(", ", rungs.Select(rung => rung.Name))}), got '{unknown}'.");
    return 2;
}

var checkout = BenchOptions.FindCheckout();
var options = new BenchOptions(quick ? 2 : 5, quick ? 0.3 : 1.0, Stopwatches.ByProcessorTime ? [1] : [1, 2], checkout);
List<BenchRecord> records = [.. rungs.Where(rung => chosen.Count == 0 || chosen.Contains(rung.Name)).SelectMany(rung => rung.Run(options))];

var path = Path.Combine(checkout, "artifacts", "bench.json");
Directory.CreateDirectory(Path.GetDirectoryName(path) ?? checkout);
File.WriteAllText(
    path, JsonSerializer.Serialize(records, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true }) + "\n");
Console.WriteLine($"{records.Count} records in {Path.GetRelativePath(Directory.GetCurrentDirectory(), path)}");
return 0;
