using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace TorchSharp.Gpu;

/// <summary>Putting kernels into the queue: a launcher is compiled at its first use and kept. Written once for each number of arguments.</summary>
internal sealed partial class GpuDevice
{
    /// <summary>Kernels count in 32 bits, and a launch is rounded up to whole groups, of at most 1,024 threads.</summary>
    private const int Most = int.MaxValue - 1023;

    /// <summary>A number of threads, or the size of what a kernel walks.</summary>
    /// <exception cref="ExternalException">There are more than a kernel can count.</exception>
    internal static int Count(long count) => count <= Most ? (int)count
        : throw new ExternalException($"a kernel over {count} elements: at most {Most} at once; work on a part of the tensor");

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2>(Action<Index1D, T1, T2> kernel, long count, T1 a1, T2 a2) where T1 : struct where T2 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3>(Action<Index1D, T1, T2, T3> kernel, long count, T1 a1, T2 a2, T3 a3) where T1 : struct where T2 : struct where T3 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4>(Action<Index1D, T1, T2, T3, T4> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4) where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4, T5>(Action<Index1D, T1, T2, T3, T4, T5> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4, a5); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4, T5, T6>(Action<Index1D, T1, T2, T3, T4, T5, T6> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4, a5, a6); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4, T5, T6, T7>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4, a5, a6, a7); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4, T5, T6, T7, T8>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4, a5, a6, a7, a8); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>One thread for each of <paramref name="count"/> elements.</summary>
    internal void Run<T1, T2, T3, T4, T5, T6, T7, T8, T9>(Action<Index1D, T1, T2, T3, T4, T5, T6, T7, T8, T9> kernel, long count, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8, T9 a9) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        if (count == 0)
            return;
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadAutoGroupedStreamKernel(source))(Count(count), a1, a2, a3, a4, a5, a6, a7, a8, a9); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2>(Action<T1, T2> kernel, KernelConfig groups, T1 a1, T2 a2) where T1 : struct where T2 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3>(Action<T1, T2, T3> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3) where T1 : struct where T2 : struct where T3 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3, T4>(Action<T1, T2, T3, T4> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3, T4 a4) where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3, a4); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3, T4, T5>(Action<T1, T2, T3, T4, T5> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3, a4, a5); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3, T4, T5, T6>(Action<T1, T2, T3, T4, T5, T6> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3, a4, a5, a6); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3, T4, T5, T6, T7>(Action<T1, T2, T3, T4, T5, T6, T7> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3, a4, a5, a6, a7); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }

    /// <summary>Groups of threads that share memory.</summary>
    internal void RunGroups<T1, T2, T3, T4, T5, T6, T7, T8>(Action<T1, T2, T3, T4, T5, T6, T7, T8> kernel, KernelConfig groups, T1 a1, T2 a2, T3 a3, T4 a4, T5 a5, T6 a6, T7 a7, T8 a8) where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        lock (_queue)
        {
            Enter();
            try { Compile(kernel, static (accelerator, source) => accelerator.LoadStreamKernel(source))(groups, a1, a2, a3, a4, a5, a6, a7, a8); }
            catch (AcceleratorException exception) { throw Fault(kernel.Method.Name, exception); }
        }
    }
}
