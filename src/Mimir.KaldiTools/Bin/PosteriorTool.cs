using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>Programs that write a posterior for each entry of a table.</summary>
/// <param name="name">Kaldi's name.</param>
/// <param name="summary">What it does.</param>
/// <param name="arguments">Its arguments.</param>
internal abstract class PosteriorTool(string name, string summary, string arguments) : KaldiTool(name, summary, arguments)
{
    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    /// <summary>Writes a posterior for each value of a table.</summary>
    /// <returns>How many.</returns>
    private protected static int Map<T>(
        IEnumerable<KeyValuePair<string, T>> input, string wspecifier, KaldiIoOptions io, Func<string, T, Posterior> map)
    {
        var done = 0;
        using var output = Posterior.Table.Create(wspecifier, io);
        output.Fill(() =>
        {
            foreach (var (key, value) in input)
            {
                output.Write(key, map(key, value));
                done++;
            }
        });
        return done;
    }

    /// <summary>Makes each frame of a posterior anew.</summary>
    private protected static Posterior Frames(Posterior posterior, Func<int, IEnumerable<(int Index, float Weight)>> frame)
    {
        var builder = new PosteriorBuilder();
        for (var t = 0; t < posterior.Frames; t++)
        {
            foreach (var (index, weight) in frame(t))
                builder.Add(index, weight);

            builder.EndFrame();
        }

        return builder.Build();
    }

    /// <summary>The pairs of a frame.</summary>
    private protected static (int Index, float Weight)[] Pairs(Posterior posterior, int frame) =>
        [.. posterior.Indices(frame).ToArray().Zip(posterior.Weights(frame).ToArray())];
}
