using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>One direction of a recurrent layer in one pass.</summary>
/// <param name="Values">w-x, w-r, bias, three peepholes, w-p; null where the layer has none.</param>
/// <param name="Gradients">The same, for the gradients.</param>
/// <param name="Workspace">What the forward pass leaves for the backward pass.</param>
/// <param name="State">The streams' state, or null.</param>
/// <param name="Reverse">Whether it goes from the last frame to the first.</param>
internal sealed record LstmDirection(
    IReadOnlyList<Tensor?> Values, IReadOnlyList<Tensor?> Gradients, Tensor Workspace, Tensor? State, bool Reverse);
