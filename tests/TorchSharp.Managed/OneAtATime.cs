// manual_seed, the number of threads and the memory pool belong to the process, so its tests take turns.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
