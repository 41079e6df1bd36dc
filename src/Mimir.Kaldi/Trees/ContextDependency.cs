using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Trees;

/// <summary>The phonetic decision tree of Kaldi's file <c>tree</c>: the distribution of a phone's state among its neighbours.</summary>
public sealed class ContextDependency
{
    /// <summary>The key of the pdf-class of the state; the phones of the window have the keys from 0.</summary>
    public const int PdfClassKey = -1;

    /// <summary>Creates a tree.</summary>
    /// <param name="contextWidth">The phones in the window: 1 for monophones, 3 for triphones.</param>
    /// <param name="centralPosition">The place of the phone itself, from 0.</param>
    /// <param name="toPdf">The tree; its answers are distributions from 0.</param>
    /// <exception cref="ArgumentException">The place is outside the window, or an answer is negative.</exception>
    public ContextDependency(int contextWidth, int centralPosition, EventMap toPdf)
    {
        if (contextWidth < 1 || centralPosition < 0 || centralPosition >= contextWidth)
        {
            throw new ArgumentException(
                $"The tree's window has {contextWidth} phones with the central one at {centralPosition}; expected it within the window.");
        }

        var answers = toPdf.Answers.ToList();
        if (answers.Any(answer => answer < 0))
            throw new ArgumentException($"The tree has the distribution {answers.Min()}; expected 0 or more.");

        ContextWidth = contextWidth;
        CentralPosition = centralPosition;
        ToPdf = toPdf;
        PdfCount = answers.Count == 0 ? 0 : answers.Max() + 1;
    }

    /// <summary>Gets the number of phones in the window.</summary>
    public int ContextWidth { get; }

    /// <summary>Gets the place of the phone itself in the window, from 0.</summary>
    public int CentralPosition { get; }

    /// <summary>Gets the tree.</summary>
    public EventMap ToPdf { get; }

    /// <summary>Gets the number of distributions: one more than the largest.</summary>
    public int PdfCount { get; }

    /// <summary>Makes the tree of monophones: a distribution for each class of each set of phones (Kaldi: gmm-init-mono).</summary>
    /// <param name="phoneSets">Sets of phones that share their distributions, each in rising order.</param>
    /// <param name="pdfClasses">The number of classes of distributions of a phone.</param>
    /// <exception cref="ArgumentException">A set is empty, or a phone is in two sets.</exception>
    public static ContextDependency Monophone(IReadOnlyList<IReadOnlyList<int>> phoneSets, Func<int, int> pdfClasses) =>
        new(1, 0, TreeStub.Build(0, [.. phoneSets.Select(set => new TreeRoot(set, IsShared: false, IsSplit: false))], pdfClasses));

    /// <summary>Reads a tree, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It is not a tree.</exception>
    public static ContextDependency Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, ContextDependencyFormat.Read, ObjectKinds.Tree);

    /// <summary>Writes the tree as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary or text.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, writer => ContextDependencyFormat.Write(writer, this), io);

    /// <summary>Finds the distribution of a state.</summary>
    /// <param name="window">The phones of the window; 0 stands for none, at an utterance's ends.</param>
    /// <param name="pdfClass">The class of the state's distribution in the topology.</param>
    /// <returns>The distribution, from 0, or null when the tree has no answer for the phone or the class.</returns>
    /// <exception cref="ArgumentException">The window has another number of phones than the tree's.</exception>
    public int? PdfOf(IReadOnlyList<int> window, int pdfClass) => window.Count == ContextWidth
        ? ToPdf.AnswerTo(key => key == PdfClassKey ? pdfClass : key >= 0 && key < window.Count ? window[key] : null)
        : throw new ArgumentException($"The tree sees {ContextWidth} phones, got {window.Count}.");
}
