using TorchSharp.Cpu;

namespace TorchSharp.Managed.Tests.Cpu;

public sealed unsafe class WorkersTests
{
    [Fact]
    public void For_ManyCallsFromTwoThreads_RunsEachUnitOnce()
    {
        int before = Workers.Threads;
        Workers.Threads = 4;
        try
        {
            var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
            void Caller(int seed)
            {
                var random = new System.Random(seed);
                using var counts = new Native<int>(3000);
                for (int call = 0; call < 1500; call++)
                {
                    int units = random.Next(1, 3000);
                    counts.Span.Clear();
                    Workers.For(units, 1e9, &CountUnit, counts.Data);
                    if (counts.Span[..units].ContainsAnyExcept(1))
                        failures.Enqueue($"call {call} of {units} units");
                }
            }
            Thread[] callers = [new(() => Caller(1)), new(() => Caller(2))];
            foreach (var caller in callers)
                caller.Start();
            foreach (var caller in callers)
                caller.Join();
            Assert.Empty(failures);
        }
        finally
        {
            Workers.Threads = before;
        }
    }

    private static void CountUnit(long unit, void* state) => Interlocked.Increment(ref ((int*)state)[unit]);
}
