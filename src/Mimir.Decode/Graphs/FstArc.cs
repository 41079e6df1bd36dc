using System.Runtime.InteropServices;

namespace Mimir.Decode.Graphs;

/// <summary>A transition of a weighted finite-state transducer, laid out as OpenFst writes it (16 bytes).</summary>
/// <param name="Input">The input label: in a decoding graph a transition-id; 0 is epsilon (consumes no frame).</param>
/// <param name="Output">The output label: in a decoding graph a word; 0 is epsilon.</param>
/// <param name="Weight">The cost, a negative log-probability.</param>
/// <param name="Next">The state that the arc leads to.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct FstArc(int Input, int Output, float Weight, int Next);
