using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Decode.Building;

/// <summary>The distributions that the model has for a window of phones.</summary>
internal static class PdfKeys
{
    /// <summary>The phone in the centre of a window, and its distributions by class.</summary>
    /// <exception cref="InputException">The window has another width than the tree's, or tree or topology do not know it.</exception>
    public static int[] Of(ContextDependency tree, HmmTopology topology, int[] window)
    {
        if (window.Length != tree.ContextWidth)
        {
            throw new InputException(
                $"the labels have windows of {window.Length} phones and the tree of {tree.ContextWidth}; do they belong together?");
        }

        var phone = window[tree.CentralPosition];
        var classes = 1 + StatesOf(topology, phone).Max(state => Math.Max(state.ForwardPdfClass, state.SelfLoopPdfClass));
        var key = new int[classes + 1];
        key[0] = phone;
        for (var pdfClass = 0; pdfClass < classes; pdfClass++)
        {
            key[pdfClass + 1] = tree.PdfOf(window, pdfClass) ?? throw new InputException(
                $"the tree has no distribution for the phones {string.Join(' ', window)} (state class {pdfClass}); is it of this model?");
        }

        return key;
    }

    /// <summary>The states of a phone.</summary>
    /// <exception cref="InputException">The topology does not know the phone.</exception>
    public static IReadOnlyList<HmmState> StatesOf(HmmTopology topology, int phone)
    {
        try
        {
            return topology.EntryOf(phone).States;
        }
        catch (ArgumentException e)
        {
            throw new InputException($"phone {phone} of the graph is not in the model's topology; do they belong together?", e);
        }
    }
}
