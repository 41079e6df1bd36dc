namespace Mimir.KaldiTools.Tests.Nnetbin;

/// <summary>Programs set the threads of the whole process, and results depend on their number: no other test runs meanwhile.</summary>
[CollectionDefinition("threads", DisableParallelization = true)]
public sealed class RunsAlone;
