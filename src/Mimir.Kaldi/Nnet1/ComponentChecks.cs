namespace Mimir.Kaldi.Nnet1;

/// <summary>Kaldi's conditions for the sizes of generic components; each returns an error or null.</summary>
internal static class ComponentChecks
{
    public static string? Square(GenericComponent c) =>
        Unless(c.InputDim == c.OutputDim, $"expected as many outputs as inputs, got {c.OutputDim} and {c.InputDim}.");

    public static string? Convolution(GenericComponent c)
    {
        var (patch, step, stride) = (c.Int("PatchDim"), c.Int("PatchStep"), c.Int("PatchStride"));
        if (patch <= 0 || step <= 0 || stride < patch || c.InputDim % stride != 0 || (stride - patch) % step != 0)
            return $"expected patches that fit {c.InputDim} inputs, got PatchDim {patch}, PatchStep {step}, PatchStride {stride}.";

        var patches = 1 + ((stride - patch) / step);
        if (c.OutputDim % patches != 0)
            return $"expected outputs that {patches} patches share, got {c.OutputDim}.";

        var (filters, size) = (c.OutputDim / patches, (long)(c.InputDim / stride) * patch);
        return Sizes(c, "Filters", filters, size) ?? Length(c, "Bias", filters);
    }

    public static string? Recurrent(GenericComponent c) =>
        Sizes(c, "w_forward_", c.OutputDim, c.InputDim) ?? Sizes(c, "w_recurrent_", c.OutputDim, c.OutputDim)
        ?? Length(c, "bias_", c.OutputDim);

    public static string? Blocks(GenericComponent c)
    {
        var dims = c.Field<IntVectorField>("BlockDims").Values;
        return Square(c)
            ?? Unless(
                dims.All(dim => dim > 0) && dims.Sum(dim => (long)dim) == c.OutputDim,
                $"expected blocks of {c.OutputDim} outputs in all.");
    }

    public static string? Rbm(GenericComponent c) =>
        Unless(c.Fields.OfType<WordField>().All(field => field.Value is "bern" or "gauss"), "expected units 'bern' or 'gauss'.")
        ?? Sizes(c, "Weights", c.OutputDim, c.InputDim) ?? Length(c, "VisibleBias", c.InputDim) ?? Length(c, "HiddenBias", c.OutputDim);

    public static string? KlHmm(GenericComponent c)
    {
        var statistics = c.Field<DoubleMatrixField>("Statistics").Value;
        return Unless(
            statistics.GetLength(0) == c.OutputDim && statistics.GetLength(1) == c.InputDim,
            $"expected statistics of {c.OutputDim} x {c.InputDim}, got {statistics.GetLength(0)} x {statistics.GetLength(1)}.");
    }

    public static string? Pooling(GenericComponent c)
    {
        var (size, step, stride) = (c.Int("PoolSize"), c.Int("PoolStep"), c.Int("PoolStride"));
        if (size <= 0 || step <= 0 || stride <= 0 || c.InputDim % stride != 0)
            return $"expected pools that fit {c.InputDim} inputs, got PoolSize {size}, PoolStep {step}, PoolStride {stride}.";

        var patches = c.InputDim / stride;
        return Unless(
            patches >= size && (patches - size) % step == 0 && c.OutputDim == (1L + ((patches - size) / step)) * stride,
            $"expected the outputs of pools of {size} among {patches} patches, step {step}, got {c.OutputDim}.");
    }

    public static string? SentenceAveraging(GenericComponent c)
    {
        var net = c.Field<NetworkField>("NestedNnet").Value;
        return Unless(
            net.InputDim == c.InputDim && (long)net.OutputDim + c.InputDim == c.OutputDim,
            $"expected {c.InputDim} inputs and their number beside the network's {net.OutputDim} outputs, got {c.OutputDim}.");
    }

    public static string? FramePooling(GenericComponent c)
    {
        var (dim, offsets) = (c.Int("FeatureDim"), c.Field<IntVectorField>("FrameOffset").Values);
        var weights = c.Field<VectorsField>("FrameWeight").Vectors;
        if (dim <= 0 || c.InputDim % dim != 0 || (long)offsets.Length * dim != c.OutputDim || weights.Count != offsets.Length)
            return $"expected {c.OutputDim} outputs of pools over frames of {dim} values, got {offsets.Length} pools.";

        var frames = c.InputDim / dim;
        return Unless(
            offsets.Zip(weights).All(pool => pool.First >= 0 && (long)pool.First + pool.Second.Length <= frames),
            $"expected pools within {frames} frames.");
    }

    public static string? Parallel(GenericComponent c)
    {
        var nets = c.Field<NetworksField>("NestedNnetCount").Networks;
        return Unless(
            nets.Sum(net => (long)net.InputDim) == c.InputDim && nets.Sum(net => (long)net.OutputDim) == c.OutputDim,
            $"expected nested networks with {c.OutputDim} outputs of {c.InputDim} inputs in all.");
    }

    public static string? MultiBasis(GenericComponent c)
    {
        var (selector, bases) = (c.Field<NetworkField>("Selector").Value, c.Field<NetworksField>("NumBasis").Networks);
        return Unless(
            bases.Count == selector.OutputDim
                && bases.All(net => (long)net.InputDim + selector.InputDim == c.InputDim && net.OutputDim == c.OutputDim),
            $"expected {selector.OutputDim} bases, an output of the selector each, that take the inputs beside the selector's "
            + $"{selector.InputDim}.");
    }

    private static string? Sizes(GenericComponent c, string name, long rows, long columns)
    {
        var matrix = c.Field<MatrixField>(name).Value;
        return Unless(
            matrix.Rows == rows && matrix.Columns == columns,
            $"expected {name} of {rows} x {columns}, got {matrix.Rows} x {matrix.Columns}.");
    }

    private static string? Length(GenericComponent c, string name, long length)
    {
        var values = c.Field<VectorField>(name).Values;
        return Unless(values.Length == length, $"expected {name} of {length}, got {values.Length}.");
    }

    private static string? Unless(bool fits, string problem) => fits ? null : problem;
}
