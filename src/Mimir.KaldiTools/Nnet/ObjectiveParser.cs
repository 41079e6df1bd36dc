using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Reads <c>--objective-function</c>, and checks that the end of the network goes with it.</summary>
/// <param name="last">The last component of the network.</param>
/// <param name="reportFrames">The frames between two reports of progress.</param>
/// <param name="log">Receives reports.</param>
/// <param name="time">The clock of speeds.</param>
internal sealed class ObjectiveParser(NnetComponent last, int reportFrames, KaldiLog log, TimeProvider time)
{
    private const string Forms = "xent, mse or multitask,<type>,<dim>,<weight>,… with the types xent and mse";

    /// <summary>Creates the objective.</summary>
    /// <exception cref="InputException">The text is no objective, or the network's end does not go with it.</exception>
    public Objective Parse(string text)
    {
        if (last is GenericComponent { Kind: "HiddenSoftmax" })
            throw Error(text, "<HiddenSoftmax> stands within a network; end it with <Softmax>");

        var words = text.Split(',', ':');
        return words switch
        {
            ["xent"] => last is Softmax
                ? Single("xent", 0, last.OutputDim)
                : throw Error(text, $"xent needs <Softmax> at the end of the network, it is <{last.Name}>"),
            ["mse"] => last is not GenericComponent
                ? Single("mse", 0, last.OutputDim)
                : throw Error(text, $"mse does not go with <{last.Name}>"),
            ["multitask", _, _, _, ..] when words.Length % 3 == 1 => Multitask(text, words),
            _ => throw Error(text, $"expected {Forms}"),
        };
    }

    private static InputException Error(string text, string problem) => new($"--objective-function={text}: {problem}.");

    private MultitaskObjective Multitask(string text, string[] words)
    {
        var tasks = new List<MultitaskObjective.Task>();
        var first = 0;
        for (var i = 1; i < words.Length; i += 3)
        {
            if (!int.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var dim) || dim < 1)
                throw Error(text, $"'{words[i + 1]}' is no number of outputs");
            if (!float.TryParse(words[i + 2], NumberStyles.Float, CultureInfo.InvariantCulture, out var weight) || !(weight >= 0))
                throw Error(text, $"'{words[i + 2]}' is no weight");
            if (words[i] is not ("xent" or "mse"))
                throw Error(text, $"'{words[i]}' is not xent or mse");

            tasks.Add(new(Single(words[i], first, dim), first, dim, weight));
            first += dim;
        }

        if (first != last.OutputDim)
            throw Error(text, $"the tasks have {first} outputs, the network has {last.OutputDim}");

        CheckEnd(text, words, tasks);
        return new MultitaskObjective(tasks, log);
    }

    // Each cross-entropy has a softmax over just its outputs, and each squared error has none.
    private void CheckEnd(string text, string[] words, List<MultitaskObjective.Task> tasks)
    {
        int[] softmaxes = last switch
        {
            Softmax => [last.OutputDim],
            GenericComponent { Kind: "BlockSoftmax" } blocks => blocks.Field<IntVectorField>("BlockDims").Values,
            _ => [],
        };
        var wanted = tasks.Where((_, i) => words[(3 * i) + 1] == "xent").Select(task => task.Count).ToArray();
        if (!wanted.AsSpan().SequenceEqual(softmaxes) || (softmaxes.Length > 0 && wanted.Length != tasks.Count))
            throw Error(
                text,
                $"the tasks need softmaxes over [{string.Join(", ", wanted)}] outputs, the network's end, <{last.Name}>, has them over "
                + $"[{string.Join(", ", softmaxes)}]; use <BlockSoftmax>");
    }

    private Objective Single(string type, int first, int count) => type == "xent"
        ? new XentObjective(first, count, new ProgressReport("Xent", reportFrames, log, time))
        : new MseObjective(first, count, last is Softmax, new ProgressReport("Mse", reportFrames, log, null));
}
