using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Base;

namespace Mimir.Tests.Support;

/// <summary>What became of the damaged files of a format.</summary>
/// <param name="Format">The format's name.</param>
/// <param name="Inputs">How many were tried.</param>
/// <param name="Values">How many could still be read.</param>
/// <param name="Refused">How many were refused with a message.</param>
public sealed record FuzzReport(string Format, int Inputs, int Values, int Refused);

/// <summary>
/// Damages a file in many seeded ways and reads each. A reader must give values or refuse with a
/// <see cref="InputException"/> or <see cref="IOException"/> that names the file; it must not crash, hang, or take
/// memory that the file does not warrant. <c>MIMIR_FUZZ=20000</c> tries that many inputs for each format instead of
/// 500; <c>MIMIR_FUZZ_REPORT=FILE</c> collects a line for each format.
/// </summary>
public static partial class Fuzzer
{
    private const int DefaultInputs = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Lock Report = new();

    /// <summary>Gets how many inputs are tried for each format.</summary>
    public static int Inputs { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MIMIR_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var inputs)
        ? inputs
        : DefaultInputs;

    /// <summary>Tries damaged copies of a file.</summary>
    /// <param name="format">What the format is called; it seeds the damage.</param>
    /// <param name="whole">A file that reads without an error.</param>
    /// <param name="read">Reads all of the file at a path.</param>
    /// <param name="fileName">The file's name, where the reader goes by it.</param>
    /// <param name="memory">How many bytes a reader may take beside 64 for each of the file's.</param>
    /// <param name="needsPlace">Whether messages must name a byte or line beside the file; not where a foreign library
    /// reads.</param>
    /// <param name="needsFile">Whether messages must name the file; not where several files belong together.</param>
    /// <param name="pack">Compresses the damaged content, so that damage inside of whole compressed files is tried; null for none.</param>
    public static FuzzReport Run(
        string format,
        byte[] whole,
        Action<string> read,
        string fileName = "damaged",
        long memory = 8 << 20,
        bool needsPlace = true,
        bool needsFile = true,
        Func<byte[], byte[]>? pack = null)
    {
        var folder = Directory.CreateTempSubdirectory("mimir-fuzz-").FullName;
        try
        {
            var path = Path.Combine(folder, fileName);
            File.WriteAllBytes(path, pack is null ? whole : pack(whole));
            read(path);

            var run = new FuzzRun(format, whole, path, read, memory, needsPlace, needsFile, pack);
            var thread = new Thread(run.TryAll, 16 << 20) { IsBackground = true };
            thread.Start();
            for (var seen = -1; !thread.Join(Patience); seen = run.Round)
                Assert.True(run.Round != seen, run.Describe($"no end after {Patience.TotalSeconds} s"));

            Assert.True(run.Failure is null, run.Failure);
            var report = new FuzzReport(format, run.Round, run.Values, run.Round - run.Values);
            Append(report);
            return report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Append(FuzzReport report)
    {
        if (Environment.GetEnvironmentVariable("MIMIR_FUZZ_REPORT") is not { Length: > 0 } file)
            return;

        lock (Report)
            File.AppendAllText(file, $"{report.Format}\t{report.Inputs}\t{report.Values}\t{report.Refused}\n");
    }

    [GeneratedRegex(@":\d+\b|\b(byte|line|frame|row|state|arc|symbol) \d+")]
    private static partial Regex Place();

    private sealed class FuzzRun(
        string format,
        byte[] whole,
        string path,
        Action<string> read,
        long memory,
        bool needsPlace,
        bool needsFile,
        Func<byte[], byte[]>? pack)
    {
        private readonly Random _random = new(format.Aggregate(17, (hash, c) => unchecked((hash * 31) + c)));
        private byte[] _input = [];
        private volatile int _round;

        public int Round => _round;

        public int Values { get; private set; }

        public string? Failure { get; private set; }

        public void TryAll()
        {
            while (_round < Inputs && Failure is null)
            {
                _input = Mutation.Of(whole, _random);
                if (pack is not null)
                    _input = pack(_input);

                File.WriteAllBytes(path, _input);
                TryOne();
                _round++;
            }
        }

        public string Describe(string what)
        {
            var kept = Path.Combine(Path.GetTempPath(), $"mimir-fuzz-{format.Replace(' ', '-')}-{_round}.bin");
            File.WriteAllBytes(kept, _input);
            return $"{format}, input {_round}, kept as {kept}: {what}";
        }

        private void TryOne()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.GetTimestamp();
            try
            {
                read(path);
                Values++;
            }
            catch (Exception e) when (e is InputException or IOException)
            {
                if (needsFile && !e.Message.Contains(Path.GetFileName(path), StringComparison.Ordinal))
                    Failure = Describe($"a message without the file's name: {e}");
                else if (needsPlace && !Place().IsMatch(e.Message))
                    Failure = Describe($"a message without a place: {e}");
            }
            catch (Exception e)
            {
                Failure = Describe(e.ToString());
            }

            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            if (taken > memory + (64L * _input.Length))
                Failure ??= Describe($"{taken} bytes taken for {_input.Length}");
            if (Stopwatch.GetElapsedTime(clock) > Patience)
                Failure ??= Describe($"{Stopwatch.GetElapsedTime(clock).TotalSeconds} s");
        }
    }
}
