using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mimir.Bench;
using Mimir.Bench.Peers;
using Mimir.Bench.Rungs;

// mimir-bench [--quick] [--cpu-time] [--seconds S] [--threads N] [--busy N] [rung ...]: measures, and writes artifacts/bench.json.
// --cpu-time counts processor time of one thread instead of the wall's, for a machine that others use too. --threads takes one
// number of threads instead of 1 and 2, --seconds the time of a turn, 1 by default. --busy is the number of other processes at full
// load in the rung of that name, 2 by default.
switch (args)
{
    case ["allreduce-worker", .. var worker]:
        return AllReduceWorker.Run(worker);
    case ["step-worker", var net]:
        return StepProcess.Run(net);
    case ["busy-worker"]:
        return BusyProcess.Run();
}

IRung[] rungs =
[
    new DnnStepRung(), new LstmMemoryRung(), .. LstmCase.All.Select(of => new LstmStepRung(of)), new SideBySideRung(), new BusyRung(),
    new FeaturesRung(), new ExtractCommandRung(), new TrainCommandRung(), new AllReduceRung(), new DecodeRung(),
];
var (quick, threads, busy, seconds) = (false, 0, 2, 1.0);
HashSet<string> chosen = new(StringComparer.Ordinal);
for (var i = 0; i < args.Length; i++)
{
    var valid = true;
    if (args[i] == "--quick")
        (quick, seconds) = (true, 0.3);
    else if (args[i] == "--cpu-time")
        Stopwatches.ByProcessorTime = true;
    else if (args[i] is "--threads" or "--busy" && i + 1 < args.Length)
        valid = int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out args[i++] == "--busy" ? ref busy : ref threads);
    else if (args[i] == "--seconds" && i + 1 < args.Length)
        valid = double.TryParse(args[++i], CultureInfo.InvariantCulture, out seconds);
    else
        valid = rungs.Any(rung => rung.Name == args[i]) && chosen.Add(args[i]);

    if (!valid)
    {
        Console.Error.WriteLine(
            "Expected --quick, --cpu-time, --seconds S, --threads N, --busy N or a rung once "
            + $"({string.Join(", ", rungs.Select(rung => rung.Name))}), got '{args[i]}'.");
        return 2;
    }
}

var machine = Machine.Read();
Console.WriteLine($"{machine.Processor}, {machine.Cores} core(s), {machine.InstructionSet}; products: {machine.Products}");
Console.WriteLine($"{machine.Torch}; {machine.System}; load {machine.Load}");
var checkout = BenchOptions.FindCheckout();
int[] counts = threads > 0 ? [threads] : Stopwatches.ByProcessorTime ? [1] : [1, 2];
var options = new BenchOptions(quick ? 2 : 5, seconds, counts, busy, checkout);
List<BenchRecord> records = [.. rungs.Where(rung => chosen.Count == 0 || chosen.Contains(rung.Name)).SelectMany(rung => rung.Run(options))];

var path = Path.Combine(checkout, "artifacts", "bench.json");
Directory.CreateDirectory(Path.GetDirectoryName(path) ?? checkout);
var form = new JsonSerializerOptions(JsonSerializerDefaults.Web)
{
    WriteIndented = true,
    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
};
File.WriteAllText(path, JsonSerializer.Serialize(new BenchReport(machine, records), form) + "\n");
Console.WriteLine($"{records.Count} records in {Path.GetRelativePath(Directory.GetCurrentDirectory(), path)}");
return 0;
