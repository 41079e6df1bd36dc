namespace Mimir.Kaldi.Trees;

/// <summary>A root of a tree: phones that are in one tree (a line of Kaldi's file <c>roots.int</c>).</summary>
/// <param name="Phones">The phones, in rising order.</param>
/// <param name="IsShared">True where all classes of the phones' distributions have one root, and may share a distribution.</param>
/// <param name="IsSplit">True where the tree may ask questions about the phones and their neighbours.</param>
public sealed record TreeRoot(IReadOnlyList<int> Phones, bool IsShared, bool IsSplit);

/// <summary>The trunk of a tree, which leads from a phone to its root (Kaldi: <c>GetStubMap</c>).</summary>
public static class TreeStub
{
    /// <summary>Makes a trunk; its leaves are numbered from 0 in the order of the roots.</summary>
    /// <param name="centralPosition">The key of the phone.</param>
    /// <param name="roots">The roots.</param>
    /// <param name="pdfClasses">The number of classes of distributions of a phone, at least 1; asked where a root is not shared.</param>
    /// <exception cref="ArgumentException">There is no root, a root has no phone, or a phone is in two roots.</exception>
    public static EventMap Build(int centralPosition, IReadOnlyList<TreeRoot> roots, Func<int, int> pdfClasses)
    {
        var seen = new HashSet<int>();
        if (roots.Count == 0 || roots.Any(root => root.Phones.Count == 0))
            throw new ArgumentException("A tree has at least one set of phones, and each set at least one phone.", nameof(roots));
        if (roots.SelectMany(root => root.Phones).Where(phone => !seen.Add(phone)).Cast<int?>().FirstOrDefault() is { } twice)
            throw new ArgumentException($"Phone {twice} is in two sets of phones, or twice in one.", nameof(roots));

        var leaves = 0;
        return Build(centralPosition, [.. roots], pdfClasses, ref leaves);
    }

    private static EventMap Build(int key, ReadOnlySpan<TreeRoot> roots, Func<int, int> pdfClasses, ref int leaves)
    {
        if (roots.Length == 1)
            return BuildRoot(roots[0], pdfClasses, ref leaves);

        var (single, highest) = (true, 0);
        foreach (var root in roots)
            (single, highest) = (single && root.Phones.Count == 1, Math.Max(highest, root.Phones.Max()));

        // A table where each set is one phone and the table is not mostly holes.
        if (single && roots.Length <= 2 * highest)
        {
            var branches = new EventMap?[highest + 1];
            foreach (var root in roots)
                branches[root.Phones[0]] = BuildRoot(root, pdfClasses, ref leaves);

            return new TableEventMap(key, branches);
        }

        var half = roots.Length / 2;
        var yes = Build(key, roots[..half], pdfClasses, ref leaves);
        var no = Build(key, roots[half..], pdfClasses, ref leaves);
        int[] first = [.. roots[..half].ToArray().SelectMany(root => root.Phones).Order()];
        return new SplitEventMap(key, first, yes, no);
    }

    private static EventMap BuildRoot(TreeRoot root, Func<int, int> pdfClasses, ref int leaves)
    {
        if (root.IsShared)
            return new ConstantEventMap(leaves++);

        var branches = new EventMap?[root.Phones.Max(pdfClasses)];
        for (var pdfClass = 0; pdfClass < branches.Length; pdfClass++)
            branches[pdfClass] = new ConstantEventMap(leaves++);

        return new TableEventMap(ContextDependency.PdfClassKey, branches);
    }
}
