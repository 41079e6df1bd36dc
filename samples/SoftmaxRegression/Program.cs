using System.Security.Cryptography;
using Mimir.Base.Logging;
using Mimir.Dist.Collectives;
using Mimir.Dist.Launch;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Samples;

/// <summary>A training loop of its own that any number of workers run together: the numbered lines make it so.</summary>
/// <remarks>
/// Softmax regression with plain gradient descent on generated points. Alone: <c>dotnet run</c>. Together:
/// <c>mimir launch --workers 4 --program -- dotnet Mimir.Samples.SoftmaxRegression.dll bmuf</c>, or the same program after
/// <c>mpirun -np 4</c>.
/// </remarks>
internal static class Program
{
    private const int Classes = 5, Inputs = 3, Points = 4010, BatchPoints = 20, Epochs = 4;
    private const float Rate = 0.5f;

    private static void Main(string[] args)
    {
        using var seat = WorkerContext.Join(new() { Logger = new LineLogger(Console.Error.WriteLine) });   // 1: the others
        using var workers = CollectiveFactory.Create(seat.Transport);                                     // 2: what sums
        using var update = Mode(args).Create(new(workers) { Transport = seat.Transport });                // 3: how to learn

        var (model, gradient) = (new float[Classes * Inputs], new float[Classes * Inputs]);
        update.Begin(model);                                                                              // 4: one beginning
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            // Every N-th batch is this worker's; when it has none left, the others may still have some.
            for (var batch = seat.Place.Rank; ; batch += seat.Place.WorldSize)
            {
                var points = Batch(batch);
                Array.Clear(gradient);
                foreach (var point in points)
                    AddGradient(model, point, gradient);

                var total = update.BeforeStep(gradient, points.Count);                                    // 5: gradients
                if (total == 0)
                    break;

                for (var i = 0; i < model.Length; i++)
                    model[i] -= Rate / total * gradient[i];
                update.AfterStep(model, points.Count, Rate / total);                                      // 6: models
            }

            update.Flush(model);                                                                          // 7: one end
        }

        var correct = Enumerable.Range(0, Points).Count(point => Best(Probabilities(model, point)) == ClassOf(point));
        var bytes = model.SelectMany(BitConverter.GetBytes).ToArray();
        Console.WriteLine($"{(double)correct / Points:0.000} right, parameters {Convert.ToHexString(SHA256.HashData(bytes))[..16]}");
    }

    private static UpdateOptions Mode(string[] args) => args.FirstOrDefault("sync") switch
    {
        "sync" => new SyncOptions(),
        "ma" => new ModelAveragingOptions { PeriodFrames = 200 },
        "bmuf" => new BmufOptions { PeriodFrames = 200 },
        "asgd" => new AsgdOptions(),
        var other => throw new ArgumentException($"expected sync, ma, bmuf or asgd, got '{other}'"),
    };

    private static List<int> Batch(int batch) =>
        [.. Enumerable.Range(batch * BatchPoints, BatchPoints).Where(point => point < Points)];

    private static int ClassOf(int point) => point % Classes;

    // Five clouds on a circle, and a constant.
    private static float[] InputsOf(int point)
    {
        var angle = (2 * MathF.PI * ClassOf(point) / Classes) + (0.6f * MathF.Sin(point * 12.9898f));
        var radius = 1 + (0.3f * MathF.Cos(point * 78.233f));
        return [radius * MathF.Cos(angle), radius * MathF.Sin(angle), 1];
    }

    private static float[] Probabilities(float[] model, int point)
    {
        var (x, scores) = (InputsOf(point), new float[Classes]);
        for (var i = 0; i < model.Length; i++)
            scores[i / Inputs] += model[i] * x[i % Inputs];

        var powers = scores.Select(score => MathF.Exp(score - scores.Max())).ToArray();
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static int Best(float[] probabilities) => Array.IndexOf(probabilities, probabilities.Max());

    private static void AddGradient(float[] model, int point, float[] gradient)
    {
        var (x, p) = (InputsOf(point), Probabilities(model, point));
        p[ClassOf(point)] -= 1;
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] += p[i / Inputs] * x[i % Inputs];
    }
}
