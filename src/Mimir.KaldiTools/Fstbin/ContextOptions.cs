using Mimir.Base.Options;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>The options of programs that put phones into their context.</summary>
internal sealed record ContextOptions
{
    /// <summary>Write the labels in binary.</summary>
    [Option("binary")]
    public bool Binary { get; init; } = true;

    /// <summary>List of disambiguation symbols on the input of the FST.</summary>
    [Option("read-disambig-syms")]
    public string ReadDisambiguation { get; init; } = "";

    /// <summary>File for the list of disambiguation symbols on the input of the result.</summary>
    [Option("write-disambig-syms")]
    public string WriteDisambiguation { get; init; } = "";

    /// <summary>Size of the window of phones.</summary>
    [Option("context-size")]
    public int ContextSize { get; init; } = 3;

    /// <summary>Place of the phone itself in the window, from 0.</summary>
    [Option("central-position")]
    public int CentralPosition { get; init; } = 1;

    /// <summary>Of grammars of several graphs, which are not supported; must be below 0.</summary>
    [Option("nonterm-phones-offset")]
    public int NontermPhonesOffset { get; init; } = -1;
}
