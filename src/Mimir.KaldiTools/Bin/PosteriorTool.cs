using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>A program that writes a posterior for each entry of a table.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
/// <param name="arguments">The arguments of the usage line.</param>
internal abstract class PosteriorTool<TOptions>(string name, string summary, string arguments)
    : KaldiTool<TOptions>(name, summary, arguments)
    where TOptions : class, new()
{
    /// <summary>Makes a posterior of new frames.</summary>
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
