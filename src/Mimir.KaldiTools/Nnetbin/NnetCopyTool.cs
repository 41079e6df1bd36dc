using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-copy: copies a network or a part of it, in binary or text.</summary>
internal sealed class NnetCopyTool()
    : KaldiTool<NnetCopyTool.Options>(
        "nnet-copy",
        "Copy Neural Network model (and possibly change binary/text format).",
        "<model-in> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : BinaryOptions
    {
        /// <summary>Deprecated name of remove-first-components.</summary>
        [Option("remove-first-layers")]
        public int RemoveFirstLayers { get => RemoveFirst; init => RemoveFirst = value; }

        /// <summary>Deprecated name of remove-last-components.</summary>
        [Option("remove-last-layers")]
        public int RemoveLastLayers { get => RemoveLast; init => RemoveLast = value; }

        /// <summary>Number of components to remove at the beginning.</summary>
        [Option("remove-first-components")]
        public int RemoveFirst { get; init; }

        /// <summary>Number of components to remove at the end.</summary>
        [Option("remove-last-components")]
        public int RemoveLast { get; init; }

        /// <summary>Dropout rate of all dropout components; -1 keeps their rates.</summary>
        [Option("dropout-rate")]
        public float DropoutRate { get; init; } = -1;

        /// <summary>
        /// Copy a network within a parallel component: N, the Nth network of the first one, or M:N, the Nth of component M; from
        /// 1.
        /// </summary>
        [Option("from-parallel-component")]
        public string FromParallel { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var network = Nnet1File.Read(arguments[0], io);
        if (options.FromParallel.Length > 0)
            network = Nested(network, options.FromParallel, arguments[0]);

        var (first, last) = (Math.Max(options.RemoveFirst, 0), Math.Max(options.RemoveLast, 0));
        if ((long)first + last > network.Components.Count)
        {
            throw new InputException(
                $"{arguments[0]}: {first} first and {last} last components cannot go, there are {network.Components.Count}.");
        }

        var components = network.Components.Skip(first).SkipLast(last).ToList();
        if (options.DropoutRate is not (-1 or (>= 0 and < 1)))
            throw new InputException($"--dropout-rate={options.DropoutRate}: expected a rate from 0 to 1, or -1.");
        if (options.DropoutRate != -1)
            NetworkFiles.SetDropout(components, options.DropoutRate, log);

        NetworkFiles.Write(components, arguments[1], options.Binary, io);
        log.Log($"Written 'nnet1' to {arguments[1]}");
        return true;
    }

    private static Nnet1File Nested(Nnet1File network, string parallel, string file)
    {
        int[] numbers = [.. parallel.Split(':').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        if (numbers.Length > 2 || numbers.Contains(0))
            throw new InputException($"--from-parallel-component={parallel}: expected N or COMPONENT:N, from 1.");

        var candidates = numbers.Length == 2 ? network.Components.Skip(numbers[0] - 1).Take(1) : network.Components;
        var nested = candidates.OfType<GenericComponent>().FirstOrDefault(component => component.Kind == "ParallelComponent")
            ?.Field<NetworksField>("NestedNnetCount").Networks
            ?? throw new InputException($"{file}: --from-parallel-component={parallel} names no <ParallelComponent>.");
        return numbers[^1] <= nested.Count
            ? nested[numbers[^1] - 1]
            : throw new InputException($"{file}: --from-parallel-component={parallel}: there are {nested.Count} nested networks.");
    }
}
