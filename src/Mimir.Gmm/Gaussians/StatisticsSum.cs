using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>Statistics of a part of the data, in a file of their own, that add up to those of all data.</summary>
/// <typeparam name="TSelf">The kind of statistics.</typeparam>
public interface IStatistics<TSelf>
    where TSelf : IStatistics<TSelf>
{
    /// <summary>Reads statistics, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It has no such statistics.</exception>
    static abstract TSelf Read(string rxfilename, KaldiIoOptions? io = null);

    /// <summary>Adds the statistics of another part of the data.</summary>
    /// <param name="other">The statistics, accumulated with the same model.</param>
    /// <exception cref="InputException">They have another size; these are unchanged.</exception>
    void Add(TSelf other);

    /// <summary>Writes the statistics as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null);
}

/// <summary>Adds up the statistics of several files.</summary>
public static class StatisticsSum
{
    /// <summary>Reads the statistics of several files and adds them up.</summary>
    /// <typeparam name="TStatistics">The kind of statistics.</typeparam>
    /// <param name="rxfilenames">The files' extended names.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A file has no such statistics, or of another size; or there are no files.</exception>
    public static TStatistics Read<TStatistics>(IEnumerable<string> rxfilenames, KaldiIoOptions? io = null)
        where TStatistics : class, IStatistics<TStatistics>
    {
        TStatistics? sum = null;
        foreach (var path in rxfilenames)
        {
            var part = TStatistics.Read(path, io);
            if (sum is null)
            {
                sum = part;
                continue;
            }

            try
            {
                sum.Add(part);
            }
            catch (InputException misfit)
            {
                throw new InputException($"{path}: {misfit.Message}", misfit);
            }
        }

        return sum ?? throw new InputException("there are no files of statistics.");
    }
}
