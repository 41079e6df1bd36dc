using System.Globalization;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-copy: a network, or a part of it, in binary or text.</summary>
internal sealed class NnetCopyTool : KaldiTool
{
    private bool _binary = true;
    private int _first;
    private int _last;
    private float _dropout = -1;
    private string _parallel = "";

    /// <summary>Creates the program.</summary>
    public NnetCopyTool()
        : base("nnet-copy", "Copy Neural Network model (and possibly change binary/text format).", "<model-in> <model-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);
        parser.AddInt("remove-first-layers", 0, "Deprecated, please use --remove-first-components", v => _first = v);
        parser.AddInt("remove-last-layers", 0, "Deprecated, please use --remove-last-components", v => _last = v);
        parser.AddInt("remove-first-components", 0, "Remove N first Components from the Nnet", v => _first = v);
        parser.AddInt("remove-last-components", 0, "Remove N last Components from the Nnet", v => _last = v);
        parser.AddFloat("dropout-rate", -1, "Probability that neuron is dropped (-1.0 keeps original value).", v => _dropout = v);
        parser.AddString(
            "from-parallel-component",
            "",
            "Extract nested network from parallel component (two possibilities: '3' = search for ParallelComponent and get its 3rd "
            + "network; '1:3' = get 3rd network from 1st component; ID = 1..N).",
            v => _parallel = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var network = Nnet1File.Read(arguments[0], io);
        if (_parallel.Length > 0)
            network = Nested(network, arguments[0]);

        var (first, last) = (Math.Max(_first, 0), Math.Max(_last, 0));
        if ((long)first + last > network.Components.Count)
        {
            throw new ArgumentException(
                $"{arguments[0]}: {first} first and {last} last components cannot go, there are {network.Components.Count}.");
        }

        var components = network.Components.Skip(first).SkipLast(last).ToList();
        if (_dropout != -1)
            SetDropout(components, log);

        NnetOutput.Write(new Nnet1File(components), arguments[1], _binary, io);
        log.Log($"Written 'nnet1' to {arguments[1]}");
        return true;
    }

    private Nnet1File Nested(Nnet1File network, string file)
    {
        int[] numbers = [.. _parallel.Split(':').Select(word =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)];
        if (numbers.Length > 2 || numbers.Contains(0))
            throw new ArgumentException($"--from-parallel-component={_parallel}: expected N or COMPONENT:N, from 1.");

        var candidates = numbers.Length == 2 ? network.Components.Skip(numbers[0] - 1).Take(1) : network.Components;
        var nested = candidates.OfType<GenericComponent>().FirstOrDefault(component => component.Kind == "ParallelComponent")
            ?.Field<NetworksField>("NestedNnetCount").Networks
            ?? throw new ArgumentException($"{file}: --from-parallel-component={_parallel} names no <ParallelComponent>.");
        return numbers[^1] <= nested.Count
            ? nested[numbers[^1] - 1]
            : throw new ArgumentException($"{file}: --from-parallel-component={_parallel}: there are {nested.Count} nested networks.");
    }

    private void SetDropout(List<NnetComponent> components, KaldiLog log)
    {
        if (_dropout is not (>= 0 and < 1))
            throw new ArgumentException($"--dropout-rate={_dropout}: expected a rate from 0 to 1, or -1.");

        for (var i = 0; i < components.Count; i++)
        {
            if (components[i] is not Dropout dropout)
                continue;

            log.Log($"Setting dropout-rate in component {i} from {MomentStatistics.Shown(dropout.Rate)} to {MomentStatistics.Shown(_dropout)}");
            components[i] = dropout with { Rate = _dropout };
        }
    }
}
