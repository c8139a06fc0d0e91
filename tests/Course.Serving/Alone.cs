namespace Course.Serving.Tests;

/// <summary>Tests beside which no other may run: they look at what the process has once, such as the stream of random numbers.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
