using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Alignment;

/// <summary>The tree of a model whose states do not depend on context, which needs no file.</summary>
public static class MonophoneTree
{
    /// <summary>Makes the tree.</summary>
    /// <param name="model">The transition model.</param>
    /// <returns>The tree; null where a class of a phone has several distributions.</returns>
    public static ContextDependency? Of(TransitionModel model)
    {
        var branches = new EventMap?[model.Topology.Phones.Max() + 1];
        foreach (var phone in model.Tuples.GroupBy(tuple => tuple.Phone))
        {
            var pdfs = new SortedDictionary<int, int>();
            var states = model.Topology.EntryOf(phone.Key).States;
            foreach (var tuple in phone)
            {
                if (!Add(pdfs, states[tuple.HmmState].ForwardPdfClass, tuple.ForwardPdf)
                    || !Add(pdfs, states[tuple.HmmState].SelfLoopPdfClass, tuple.SelfLoopPdf))
                    return null;
            }

            var classes = new EventMap?[pdfs.Keys.Max() + 1];
            foreach (var (pdfClass, pdf) in pdfs)
                classes[pdfClass] = new ConstantEventMap(pdf);

            branches[phone.Key] = new TableEventMap(ContextDependency.PdfClassKey, classes);
        }

        return new ContextDependency(1, 0, new TableEventMap(0, branches));
    }

    private static bool Add(SortedDictionary<int, int> pdfs, int pdfClass, int pdf) =>
        pdfs.TryAdd(pdfClass, pdf) || pdfs[pdfClass] == pdf;
}
