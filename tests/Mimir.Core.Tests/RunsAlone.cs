namespace Mimir.Core.Tests;

/// <summary>Tests that change the number of threads, which the whole process shares, run alone.</summary>
[CollectionDefinition("threads", DisableParallelization = true)]
public sealed class RunsAlone;
