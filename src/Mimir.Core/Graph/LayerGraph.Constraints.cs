namespace Mimir.Core.Graph;

/// <content>What parameters are held to besides the loss.</content>
public sealed partial class LayerGraph
{
    private const int ConstraintPeriod = 4;

    /// <summary>After a step, brings parameters nearer to what their blocks hold them to (<see cref="Blocks.SemiOrthogonal"/>).</summary>
    /// <remarks>
    /// Each block in every fourth step, which keeps it near enough: Kaldi draws a quarter of the steps. Which ones follows from
    /// <see cref="Step"/>, so a resumed run does the same.
    /// </remarks>
    public void Constrain()
    {
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Block.IsConstrained && (Step + i) % ConstraintPeriod == 0)
                _nodes[i].Block.Constrain();
        }
    }
}
