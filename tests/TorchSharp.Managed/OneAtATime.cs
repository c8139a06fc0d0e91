// manual_seed, the number of threads and the memory pool belong to the process, so its tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
